// A receiver that acknowledges events before they are done. Its handler waits until the door is open.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdempotency } from '@twiceproof/core';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import { listener } from '../../src/node.ts';
import { webhook } from '../../src/webhooks/index.ts';

const [url = '', prefix = ''] = process.argv.slice(2);
const client = new Redis(url);
const effects = new Redis(url);
const idempotency = createIdempotency({
  environment: 'test',
  store: redisStore({ client, prefix }),
  lease: '1s',
});
const receive = webhook<{ id: string }>(
  {
    idempotency,
    operation: 'take-order',
    mode: 'after-ack',
    recoverEvery: '200ms',
    verify: (request) => request.json() as Promise<{ id: string }>,
    key: ({ id }) => id,
  },
  async ({ id }, request) => {
    await effects.rpush(`${prefix}:begun`, id);
    while ((await effects.get(`${prefix}:door`)) !== 'open') {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await effects.rpush(`${prefix}:done`, `${id} ${request.headers.get('x-sender')}`);
  },
);
const server = createServer(listener(receive)).listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.({ port: (server.address() as AddressInfo).port });
