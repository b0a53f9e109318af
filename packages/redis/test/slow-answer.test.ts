import { startProxy, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { redisStore } from '../src/redis-store.ts';
import { claim } from './claims.ts';

test('a slow answer does not make times wrong', async () => {
  const redis = await startRedis();
  const proxy = await startProxy({ target: redis.url });
  const client = new Redis(proxy.through(redis.url));
  const admin = new Redis(redis.url);
  const now = async () => {
    const [seconds, micros] = (await admin.time()) as [string | number, string | number];
    return Number(seconds) * 1_000 + Number(micros) / 1_000;
  };
  const store = redisStore({ client, prefix: 'slow', allowEviction: true });
  await client.ping();
  // The server reads its clock at the beginning of this time.
  proxy.delay(2_400);
  await store.acquire(claim());
  proxy.delay(0);
  const before = await now();
  const mine = claim();
  const { record } = await store.acquire(mine);
  const after = await now();
  expect(record.startedAt).toBeGreaterThanOrEqual(Math.floor(before) - 500);
  expect(record.startedAt).toBeLessThanOrEqual(after + 500);
  client.disconnect();
  admin.disconnect();
  await proxy.stop();
  await redis.stop();
});
