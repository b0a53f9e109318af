import { costOf } from '../measuring/load.ts';
import { Connection } from './connection.ts';
import type { Order } from './order.ts';

/** Sends what it is told to, in a process of its own, so that its time is not the server's. */
const connections = new Map<number, Connection[]>();

process.on('message', async (order: Order) => {
  try {
    process.send!({ figures: await send(order) });
  } catch (error) {
    process.send!({ failure: String(error) });
  }
});
process.on('disconnect', () => {
  for (const connection of [...connections.values()].flat()) connection.close();
});

async function send({ port, path, body, key, calls, atOnce }: Order) {
  const free = connections.get(port) ?? [];
  connections.set(port, free);
  while (free.length < atOnce) free.push(await Connection.to(port));
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'idempotency-key: ',
  ].join('\r\n');
  return costOf({ calls, atOnce }, async (at) => {
    const connection = free.pop()!;
    const response = await connection.ask(`${head}${key}-${at}\r\n\r\n${body}`);
    free.push(connection);
    if (!response.startsWith('HTTP/1.1 201') || !response.includes('"receipt-of-'))
      throw new Error(`${path} answered ${response.slice(0, 200)}`);
  });
}
