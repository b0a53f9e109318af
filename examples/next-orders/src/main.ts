import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listener } from '@twiceproof/http/node';
import { POST } from './app/api/orders/route.ts';
import { idempotency } from './idempotency.ts';

// In place of Next.js, which calls the route's POST in the same way.
const server = createServer(listener(POST)).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/orders`;

async function order(what: string, item: string, customer: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify({ item }),
    headers: {
      'content-type': 'application/json',
      cookie: `customer=${customer}`,
      'idempotency-key': '"cart-1"',
    },
  });
  const replayed = response.headers.has('idempotent-replayed') ? ', replayed' : '';
  const answer = response.ok ? ` ${await response.text()}` : '';
  console.log(`${what}: ${response.status}${answer}${replayed}`);
}

await order('first request', 'tea', 'ada');
await order('a double click', 'tea', 'ada');
await order('another cart', 'milk', 'ada');
await order('another customer', 'tea', 'bob');

server.close();
await idempotency.close();
