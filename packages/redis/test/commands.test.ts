import { commandsSent, type RedisEngine, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, failure, outcome, rival } from './claims.ts';

let redis: RedisEngine;
let client: Redis;
let observer: Redis;
let store: RedisStore;

beforeAll(async () => {
  redis = await startRedis({ own: true });
  client = new Redis(redis.url);
  observer = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  observer.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  store = redisStore({ client });
  // The server's clock, its scripts and what it can do are known from here on.
  for (let count = 0; count < 2; count++) {
    const warm = claim();
    await store.acquire(warm);
    await store.complete(warm.id, warm.token, outcome);
  }
  const renewed = claim();
  await store.acquire(renewed);
  await store.renew(renewed.id, renewed.token, 30_000);
});

const sent = (act: () => Promise<unknown>) => commandsSent(observer, act);

describe('one command', () => {
  test('claims what is absent', async () => {
    expect(await sent(() => store.acquire(claim()))).toEqual(['set']);
  });

  test('answers what is completed', async () => {
    const mine = claim({ retentionMs: 60_000 });
    await store.acquire(mine);
    await store.complete(mine.id, mine.token, outcome);
    expect(await sent(() => store.acquire(rival(mine)))).toEqual(['set']);
    expect(await sent(() => store.get(mine.id))).toEqual(['get']);
  });

  test('answers a live lease', async () => {
    const mine = claim();
    await store.acquire(mine);
    expect(await sent(() => store.acquire(rival(mine)))).toEqual(['set']);
  });

  test('renews, completes and releases', async () => {
    const [done, failed] = [claim(), claim()];
    for (const mine of [done, failed]) await store.acquire(mine);
    expect(await sent(() => store.renew(done.id, done.token, 30_000))).toEqual(['evalsha']);
    expect(await sent(() => store.complete(done.id, done.token, outcome))).toEqual(['evalsha']);
    expect(await sent(() => store.release(failed.id, failed.token, failure))).toEqual(['evalsha']);
  });
});

describe('the server is asked by script', () => {
  test('at first, to learn its clock', async () => {
    const fresh = redisStore({ client });
    expect(await sent(() => fresh.acquire(claim()))).toEqual(['evalsha']);
    expect(await sent(() => fresh.acquire(claim()))).toEqual(['set']);
  });

  test('about a failed attempt, an own claim, and a lease or a retention about to end', async () => {
    const [failed, own, ending, retired] = [
      claim(),
      claim(),
      claim({ leaseMs: 1_500 }),
      claim({ leaseMs: 10 }),
    ];
    for (const mine of [failed, own, ending, retired]) await store.acquire(mine);
    await store.release(failed.id, failed.token, failure);
    await store.complete(retired.id, retired.token, { ...outcome, retentionMs: 1_500 });
    for (const asked of [rival(failed), own, rival(ending), rival(retired)]) {
      expect(await sent(() => store.acquire(asked))).toEqual(['set', 'evalsha']);
    }
  });
});

test('while an operation is mostly replayed, a read comes first', async () => {
  const mine = claim({ operation: 'replayed' });
  await store.acquire(mine);
  await store.complete(mine.id, mine.token, outcome);
  for (let count = 0; count < 100; count++) await store.acquire(rival(mine));

  expect(await sent(() => store.acquire(rival(mine)))).toEqual(['get']);
  expect(await sent(() => store.acquire(claim()))).toEqual(['set']);
  const absent = claim({ operation: 'replayed' });
  expect(await sent(() => store.acquire(absent))).toEqual(['get', 'set']);
  expect((await store.get(absent.id))?.token).toBe(absent.token);

  for (let count = 0; count < 10; count++) await store.acquire(claim({ operation: 'replayed' }));
  expect(await sent(() => store.acquire(rival(mine)))).toEqual(['set']);
});

test('a settlement answers the record, whoever claimed it', async () => {
  const elsewhere = redisStore({ client });
  for (const settling of [store, elsewhere]) {
    const mine = claim({ keyPreview: 'key', traceparent: 'of the call', fingerprint: 'ünï' });
    await store.acquire(mine);
    const settled = await settling.complete(mine.id, mine.token, outcome);
    if (settled.status !== 'done') throw new Error(settled.status);
    expect(settled.record).toEqual(await store.get(mine.id));
  }
});

test('a settlement of a record that was claimed anew with the same token answers the new claim', async () => {
  const elsewhere = redisStore({ client });
  const first = claim({ traceparent: 'first' });
  await store.acquire(first);
  await elsewhere.delete(first.id);
  const again = { ...first, traceparent: 'again' };
  await elsewhere.acquire(again);
  const settled = await store.complete(first.id, first.token, outcome);
  if (settled.status !== 'done') throw new Error(settled.status);
  expect(settled.record).toEqual(await store.get(first.id));
  expect(settled.record.traceparent).toBe('again');
});
