import { once } from 'node:events';
import { Agent, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { paymentOf } from './payments.ts';

const body = Buffer.from(JSON.stringify(paymentOf('payment-1')));

/** Sends requests to a server over connections that are kept alive. */
export interface HttpClient {
  /** A payment of 1 KB, with the key that is given. Rejects for anything but 201. */
  post(path: string, key: string): Promise<void>;
}

/** Has a server listen on the loopback address until the end, and answers what sends requests to it. */
export async function clientOf(server: Server, cleanUp: AsyncDisposableStack): Promise<HttpClient> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  cleanUp.defer(async () => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    post: (path, key) =>
      new Promise((resolve, reject) => {
        const headers = {
          'content-type': 'application/json',
          'content-length': body.byteLength,
          'idempotency-key': key,
        };
        const sent = request({ agent, port, path, host: '127.0.0.1', method: 'POST', headers });
        sent.on('error', reject).on('response', (response) => {
          response.on('end', () => {
            if (response.statusCode === 201) resolve();
            else reject(new Error(`${path} answered ${response.statusCode}`));
          });
          response.resume();
        });
        sent.end(body);
      }),
  };
}
