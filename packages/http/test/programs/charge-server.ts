// One of several server processes on one Redis. Told on the command line where that is; writes its port.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdempotency } from '@twiceproof/core';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import { idempotencyKey } from '../../src/node.ts';

const [url = '', prefix = ''] = process.argv.slice(2);
const client = new Redis(url);
// Effects and their doors are looked at by the test, over a connection of their own.
const effects = new Redis(url);
const idempotency = createIdempotency({
  environment: 'test',
  store: redisStore({ client, prefix }),
  lease: '2s',
});

const server = createServer(
  idempotencyKey(
    {
      idempotency,
      operation: 'create-charge',
      scope: (request) => request.headers['x-principal']?.toString(),
    },
    async (_request, response) => {
      const run = await effects.incr(`${prefix}:runs`);
      while ((await effects.get(`${prefix}:door`)) !== 'open') {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ run, pid: process.pid, bytes: 'ä'.repeat(2_000) }));
    },
  ),
);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.({ port: (server.address() as AddressInfo).port });
