import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createIdempotency } from '@twiceproof/core';
import { startRedis } from '@twiceproof/engines';
import { wasReplayed, withIdempotencyKey } from '@twiceproof/http/client';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import { chargesApi } from './app.ts';

const redis = await startRedis({ own: true });
const client = new Redis(redis.url);
const idempotency = createIdempotency({ environment: 'example', store: redisStore({ client }) });

let charges = 0;
const app = chargesApi(idempotency, async (amount) => {
  charges += 1;
  console.log(`gateway: charge ${charges}, ${amount} cents`);
  return `ch_${charges}`;
});
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/charges`;

async function charge(what: string, amount: number, headers: Record<string, string>) {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify({ amount, currency: 'eur' }),
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk_ada', ...headers },
  });
  const { id, error } = (await response.json()) as { id?: string; error?: { code: string } };
  const replayed = wasReplayed(response) ? ', replayed' : '';
  console.log(`${what}: ${response.status} ${id ?? error?.code}${replayed}`);
}

const key = { 'idempotency-key': '"order-17"' };
await charge('first request', 1250, key);
await charge('the same again', 1250, key);
await charge('another amount', 9900, key);
await charge('another account', 1250, { ...key, authorization: 'Bearer sk_bob' });
await charge('no key', 1250, {});

// A client that keeps one key over all tries.
const send = withIdempotencyKey(fetch);
const response = await send(url, {
  method: 'POST',
  body: JSON.stringify({ amount: 500, currency: 'eur' }),
  headers: { 'content-type': 'application/json', authorization: 'Bearer sk_ada' },
});
console.log(`client: ${response.status} ${response.headers.get('location')}`);

server.close();
await idempotency.close();
client.disconnect();
await redis.stop();
