import { type RedisEngine, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redisStore } from '../src/redis-store.ts';
import { claim, failure } from './claims.ts';

let redis: RedisEngine;
let client: Redis;
beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});

test('what ended as unknown did not end before it was started, whatever its claimant took the clock to be', async () => {
  const prefix = 'ahead';
  const mine = claim();
  const { record } = await redisStore({ client, prefix }).acquire(mine);
  const written = (await client.get(`${prefix}:${mine.id}`))!;
  const ahead = record.fence + 400_000;
  await client.set(
    `${prefix}:${mine.id}`,
    written.replace(`|${record.fence};`, `|${ahead};`),
    'KEEPTTL',
  );
  const other = redisStore({ client, prefix });
  await other.release(mine.id, mine.token, { ...failure, unknown: true });
  const left = (await other.get(mine.id))!;
  expect(left).toMatchObject({ status: 'in_progress', startedAt: Math.floor(ahead / 1_000) });
  expect(left.leaseUntil).toBeGreaterThanOrEqual(left.startedAt);
  expect((await other.list({ stuck: true, limit: 9 })).records).toHaveLength(1);
});
