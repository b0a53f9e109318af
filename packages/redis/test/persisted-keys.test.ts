import { setTimeout as delay } from 'node:timers/promises';
import { type RedisEngine, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, failure, outcome, rival } from './claims.ts';

let redis: RedisEngine;
let client: Redis;
let store: RedisStore;

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
  store = redisStore({ client, prefix: 'persisted' });
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});

/** What somebody does who wants to keep a key. */
async function persist(id: string): Promise<void> {
  expect(await client.persist(`persisted:${id}`)).toBe(1);
}

const within = { timeout: 10_000 };

test('a renewed lease is not taken over', async () => {
  const mine = claim({ leaseMs: 1_000 });
  await store.acquire(mine);
  await store.renew(mine.id, mine.token, 60_000);
  await persist(mine.id);
  await delay(1_100);
  const found = await store.acquire(rival(mine));
  expect(found).toMatchObject({ status: 'existing', record: { token: mine.token } });
  expect(found.leaseRemainingMs).toBeGreaterThan(0);
  await persist(mine.id);
  expect(await store.renew(mine.id, mine.token, 60_000)).toBeDefined();
  await persist(mine.id);
  expect((await store.complete(mine.id, mine.token, outcome)).status).toBe('done');
  expect(await client.pttl(`persisted:${mine.id}`)).toBeGreaterThan(0);
});

test('what nobody renews is taken over', async () => {
  const mine = claim({ leaseMs: 200 });
  await store.acquire(mine);
  await persist(mine.id);
  const takeover = rival(mine);
  await expect.poll(async () => (await store.acquire(takeover)).status, within).toBe('acquired');
  expect((await store.get(mine.id))?.attempt).toBe(2);
});

test('results and failures are retired', async () => {
  const [done, failed] = [claim(), claim()];
  for (const mine of [done, failed]) await store.acquire(mine);
  await store.complete(done.id, done.token, { ...outcome, retentionMs: 1_000 });
  await persist(done.id);
  await store.release(failed.id, failed.token, { ...failure, retentionMs: 1_000 });
  await persist(failed.id);
  for (const { id } of [done, failed]) {
    await expect.poll(() => store.get(id), within).toBeUndefined();
  }
  const again = await store.acquire(rival(done));
  expect(again).toMatchObject({ status: 'acquired', record: { attempt: 1 } });
});

test('a copy goes with the record that it is of', async () => {
  const mine = claim();
  await store.acquire(mine);
  await store.complete(mine.id, mine.token, { ...outcome, retentionMs: 1_000 });
  const record = (await store.get(mine.id))!;
  const tier = redisStore({ client, prefix: 'persisted-tier' });
  await tier.fill(record, 60_000);
  await client.persist(`persisted-tier:${mine.id}`);
  await expect.poll(() => tier.get(mine.id), within).toBeUndefined();
});
