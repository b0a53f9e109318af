// One instance of the receiver. It is given the store's address, and tells its own.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdempotency } from '@twiceproof/core';
import { listener } from '@twiceproof/http/node';
import { webhook } from '@twiceproof/http/webhooks';
import { standard } from '@twiceproof/http/webhooks/standard';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';

const [url = '', secret = '', name = ''] = process.argv.slice(2);
const client = new Redis(url);
const idempotency = createIdempotency({
  environment: 'example',
  store: redisStore({ client }),
  // For as long as the provider may deliver an event again.
  retention: '7d',
});

const receive = webhook({ idempotency, ...standard({ secret }) }, async ({ payload }) => {
  const { type, invoice } = payload as { type: string; invoice: string };
  process.send?.({ took: `${name}: ${type} of ${invoice}` });
});

const server = createServer(listener(receive)).listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.({ port: (server.address() as AddressInfo).port });
process.once('SIGTERM', async () => {
  server.close();
  await idempotency.close();
  client.disconnect();
  process.disconnect();
});
