import { recordVersion, type StoredRecord } from '@twiceproof/core';
import { type RedisEngine, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, failure, outcome, rival } from './claims.ts';

const prefix = 'keys';
const graceMs = 60_000;

let redis: RedisEngine;
let client: Redis;
let store: RedisStore;

beforeAll(async () => {
  redis = await startRedis({ own: true });
  client = new Redis(redis.url);
});
beforeEach(async () => {
  await client.flushall();
  store = redisStore({ client, prefix, grace: graceMs });
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});

const key = (id: string) => `${prefix}:${id}`;
const ttl = (id: string) => client.pttl(key(id));
const about = (ms: number) => ({
  asymmetricMatch: (actual: number) => actual <= ms && actual > ms - 5_000,
});

describe('a record', () => {
  test('is one key, by whichever way it was claimed', async () => {
    for (let count = 0; count < 3; count++) await store.acquire(claim());
    expect(await client.keys('*')).toHaveLength(3);
    expect(await client.keys(`${prefix}:test/work/0/*`)).toHaveLength(3);
  });

  test('has a key that outlives it by the grace, in every state', async () => {
    for (const _ of ['by script', 'by command']) {
      const [live, done, failed] = [claim(), claim(), claim()];
      for (const mine of [live, done, failed]) await store.acquire(mine);
      expect(await ttl(live.id)).toEqual(about(30_000 + 60_000 + graceMs));
      await store.renew(live.id, live.token, 300_000);
      expect(await ttl(live.id)).toEqual(about(300_000 + 60_000 + graceMs));
      await store.complete(done.id, done.token, { ...outcome, retentionMs: 500_000 });
      expect(await ttl(done.id)).toEqual(about(500_000 + graceMs));
      await store.release(failed.id, failed.token, failure);
      expect(await ttl(failed.id)).toEqual(about(60_000 + graceMs));
      await store.extend(failed.id, 90_000);
      expect(await ttl(failed.id)).toEqual(about(90_000 + graceMs));
    }
  });

  test('that is kept for ever has a key without an end once it is settled', async () => {
    const mine = claim({ retentionMs: null });
    await store.acquire(mine);
    expect(await ttl(mine.id)).toBeGreaterThan(90 * 365 * 86_400_000);
    await store.complete(mine.id, mine.token, { ...outcome, retentionMs: null });
    expect(await ttl(mine.id)).toBe(-1);
  });

  test('whose key somebody made persistent keeps its lease', async () => {
    const mine = claim();
    await store.acquire(mine);
    await client.persist(key(mine.id));
    const answer = await store.acquire(rival(mine));
    expect(answer.status).toBe('existing');
    expect(answer.leaseRemainingMs).toBeGreaterThan(20_000);
    expect((await store.complete(mine.id, mine.token, outcome)).status).toBe('done');
  });
});

describe('the fence', () => {
  const fenceOf = (answer: { readonly record: StoredRecord }) => answer.record.fence;

  test('outlives a deletion by the grace, and the key goes then', async () => {
    const mine = claim();
    const first = fenceOf(await store.acquire(mine));
    await store.delete(mine.id);
    expect(await client.exists(key(mine.id))).toBe(1);
    expect(await ttl(mine.id)).toEqual(about(graceMs));
    expect((await store.list({ limit: 10 })).records).toEqual([]);
    expect(fenceOf(await store.acquire(rival(mine)))).toBeGreaterThan(first);
  });

  test('rises also above one from the future', async () => {
    const mine = claim();
    const future = 8_000_000_000_000_000;
    const value = `1p006;theirs|${future};1;;;1;0;${graceMs};;`;
    // Its lease has just ended: nothing but the grace is left of the key.
    await client.set(key(mine.id), value, 'PX', graceMs);
    expect(fenceOf(await store.acquire(mine))).toBe(future + 1);
    await store.delete(mine.id);
    expect(fenceOf(await store.acquire(rival(mine)))).toBe(future + 2);
  });

  test('is the server’s time of a first claim, by whichever way', async () => {
    for (const _ of ['by script', 'by command']) {
      const { record } = await store.acquire(claim());
      const [seconds, micros] = await client.time();
      const now = Number(seconds) * 1_000_000 + Number(micros);
      expect(Math.abs(now - record.fence)).toBeLessThan(1_000_000);
    }
  });
});

describe('a copy of another store’s record', () => {
  const copyOf = async (): Promise<StoredRecord> => {
    const mine = claim();
    await store.acquire(mine);
    const settled = await store.complete(mine.id, mine.token, outcome);
    await client.del(key(mine.id));
    if (settled.status !== 'done') throw new Error(settled.status);
    return { ...settled.record, fence: 7 };
  };

  test('goes with its key, without a grace', async () => {
    const copy = await copyOf();
    await store.fill(copy, 5_000);
    expect(await ttl(copy.id)).toEqual(about(5_000));
  });

  test('that was on its way does not come back after a deletion; a newer one does', async () => {
    const copy = await copyOf();
    await store.fill(copy, 5_000);
    expect(await store.delete(copy.id)).toBe(true);
    await store.fill(copy, 5_000);
    expect(await store.get(copy.id)).toBeUndefined();
    await store.fill({ ...copy, fence: 8 }, 5_000);
    expect((await store.get(copy.id))?.fence).toBe(8);
  });

  test('stays out for ten seconds where a deletion found nothing', async () => {
    const copy = await copyOf();
    expect(await store.delete(copy.id)).toBe(false);
    await store.fill(copy, 5_000);
    expect(await store.get(copy.id)).toBeUndefined();
    expect(await ttl(copy.id)).toEqual(about(10_000));
    expect((await store.acquire(claim({ id: copy.id }))).status).toBe('acquired');
  });

  test('is not listed', async () => {
    await store.fill(await copyOf(), 5_000);
    expect((await store.list({ limit: 10 })).records).toEqual([]);
  });
});

describe('list', () => {
  test('finds its records among the keys of others, page by page', async () => {
    const pipeline = client.pipeline();
    for (let other = 0; other < 3_000; other++) pipeline.set(`other:${other}`, 'x');
    await pipeline.exec();
    const ids: string[] = [];
    for (let count = 0; count < 25; count++) {
      const mine = claim();
      await store.acquire(mine);
      ids.push(mine.id);
    }
    const found: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await store.list({ limit: 10, cursor });
      found.push(...page.records.map(({ id }) => id));
      cursor = page.cursor;
      pages++;
    } while (cursor !== undefined);
    expect(found.toSorted()).toEqual(ids.toSorted());
    expect(pages).toBeLessThan(10);
  });

  test('leaves out what cannot be read, and reads on', async () => {
    const good = claim();
    await store.acquire(good);
    await client.set(key('test/work/0/garbage'), 'garbage');
    await client.lpush(key('test/work/0/list'), 'a list');
    const { records } = await store.list({ limit: 10 });
    expect(records.map(({ id }) => id)).toEqual([good.id]);
  });

  test('refuses a cursor of something else', async () => {
    await expect(store.list({ limit: 10, cursor: 'made up' })).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
    });
  });
});

test('stores with other prefixes on the same server never meet', async () => {
  const other = redisStore({ client, prefix: 'other' });
  const mine = claim();
  await store.acquire(mine);
  expect((await other.acquire(rival(mine))).status).toBe('acquired');
  expect(await other.delete(mine.id)).toBe(true);
  expect((await store.get(mine.id))?.token).toBe(mine.token);
});

test('versions are those of core, in every state', async () => {
  const mine = claim();
  const { record } = await store.acquire(mine);
  expect(await store.delete(mine.id, { version: `${recordVersion(record)}0` })).toBe(false);
  const settled = await store.complete(mine.id, mine.token, { ...outcome, retentionMs: null });
  if (settled.status !== 'done') throw new Error(settled.status);
  expect(recordVersion(settled.record)).toMatch(/\.completed\.never$/);
  expect(await store.delete(mine.id, { version: recordVersion(settled.record) })).toBe(true);
});
