import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import type { Figures } from '../measuring/figures.ts';
import { processorTime } from '../measuring/load.ts';
import type { Order } from './order.ts';

/** Has orders carried out by another process. Processor time is of this one, which is the server. */
export type Send = (order: Order) => Promise<Figures>;

export function startSender(cleanUp: AsyncDisposableStack): Send {
  // Without what a profile of this process was asked for with.
  const sender = fork(new URL(`./sender${extname(import.meta.url)}`, import.meta.url), {
    execArgv: [],
  });
  cleanUp.defer(() => {
    sender.disconnect();
  });
  return async (order) => {
    const processorsAt = processorTime();
    sender.send(order);
    const [{ figures, failure }] = await once(sender, 'message');
    if (failure !== undefined) throw new Error(failure);
    return { ...figures, cpu: (processorTime() - processorsAt) / order.calls };
  };
}

/** Has a server listen on the loopback address until the end, and answers on which port. */
export async function listen(server: Server, cleanUp: AsyncDisposableStack): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.defer(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}
