import { randomUUID } from 'node:crypto';
import { type FaultProxy, type RedisEngine, startProxy, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, failure, outcome } from './claims.ts';

let redis: RedisEngine;
let proxy: FaultProxy;

beforeAll(async () => {
  redis = await startRedis();
  proxy = await startProxy({ target: redis.url });
});
afterAll(async () => {
  await proxy.stop();
  await redis.stop();
});

/** Lets the server act on the next request about this record, and drops the answer. */
function cutAnswer(id: string): Promise<void> {
  return proxy.cutAfter({ when: (request) => request.includes(id) });
}

describe.each([
  { who: 'the client sends again', maxRetriesPerRequest: 20, tries: 1 },
  { who: 'the caller asks again', maxRetriesPerRequest: 0, tries: 5 },
])('when an answer is lost and $who', ({ maxRetriesPerRequest, tries }) => {
  let client: Redis;
  let store: RedisStore;

  /** What core does: a fault is tried again with the same token. */
  async function again<T>(ask: () => Promise<T>): Promise<T> {
    for (let left = tries; ; left--) {
      try {
        return await ask();
      } catch (error) {
        if (left <= 1) throw error;
      }
    }
  }

  beforeAll(async () => {
    client = new Redis(proxy.through(redis.url), { maxRetriesPerRequest, retryStrategy: () => 5 });
    client.on('error', () => {});
    store = redisStore({ client, prefix: 'own-writes' });
    // From here on the server's clock and the scripts are known, and the usual commands are sent.
    const warm = claim();
    await store.acquire(warm);
    await store.renew(warm.id, warm.token, 30_000);
    await store.complete(warm.id, warm.token, outcome);
    await store.extend(warm.id, 90_000);
    await store.delete(warm.id);
  });
  afterAll(async () => {
    await store.close();
    client.disconnect();
  });

  test('a claim that landed is acquired', async () => {
    const mine = claim();
    const struck = cutAnswer(mine.id);
    const answer = await again(() => store.acquire(mine));
    await struck;
    expect(answer).toMatchObject({ status: 'acquired', record: { attempt: 1, token: mine.token } });
    expect(answer.leaseRemainingMs).toBeGreaterThan(0);
  });

  test('a takeover that landed is acquired, and counts once', async () => {
    const gone = claim();
    await store.acquire(gone);
    await store.release(gone.id, gone.token, failure);
    const mine = { ...gone, token: randomUUID() };
    const struck = cutAnswer(mine.id);
    const answer = await again(() => store.acquire(mine));
    await struck;
    expect(answer).toMatchObject({ status: 'acquired', record: { attempt: 2, token: mine.token } });
  });

  test('a completion that landed is done', async () => {
    const mine = claim();
    await store.acquire(mine);
    const struck = cutAnswer(mine.id);
    const settlement = await again(() => store.complete(mine.id, mine.token, outcome));
    await struck;
    expect(settlement).toMatchObject({ status: 'already_done', record: { status: 'completed' } });
    expect((await store.get(mine.id))?.outcome).toEqual(outcome.bytes);
  });

  test('a renewal that landed is a lease', async () => {
    const mine = claim();
    await store.acquire(mine);
    const struck = cutAnswer(mine.id);
    const lease = await again(() => store.renew(mine.id, mine.token, 45_000));
    await struck;
    expect(lease).toEqual({ remainingMs: 45_000 });
  });

  test('a release that landed is done', async () => {
    const mine = claim();
    await store.acquire(mine);
    const struck = cutAnswer(mine.id);
    const settlement = await again(() => store.release(mine.id, mine.token, failure));
    await struck;
    expect(settlement).toMatchObject({ status: 'already_done', record: { status: 'failed' } });
  });
});

describe('when an answer is lost and the client sends again', () => {
  let client: Redis;
  let store: RedisStore;

  beforeAll(async () => {
    client = new Redis(proxy.through(redis.url), { retryStrategy: () => 5 });
    client.on('error', () => {});
    store = redisStore({ client, prefix: 'own-writes' });
    const warm = claim();
    await store.acquire(warm);
    await store.delete(warm.id);
  });
  afterAll(() => client.disconnect());

  test('a deletion that landed says that it removed the record', async () => {
    const mine = claim();
    await store.acquire(mine);
    const struck = cutAnswer(mine.id);
    expect(await store.delete(mine.id)).toBe(true);
    await struck;
    expect(await store.delete(mine.id)).toBe(false);
  });

  test('an extension that landed answers the changed record, also with the version of before', async () => {
    const mine = claim();
    await store.acquire(mine);
    const settled = await store.complete(mine.id, mine.token, outcome);
    if (settled.status !== 'done') throw new Error(settled.status);
    const { fence, expiresAt } = settled.record;
    const struck = cutAnswer(mine.id);
    const version = `${fence}.completed.${expiresAt}`;
    const extended = await store.extend(mine.id, 600_000, { version });
    await struck;
    expect(extended?.expiresAt).toBeGreaterThan(expiresAt! + 500_000);
  });
});

test('a request that never arrived has no effect, and is sent again', async () => {
  const client = new Redis(proxy.through(redis.url), { retryStrategy: () => 5 });
  client.on('error', () => {});
  const store = redisStore({ client, prefix: 'own-writes' });
  const mine = claim();
  const struck = proxy.cutBefore({ when: (request) => request.includes(mine.id) });
  expect(await store.acquire(mine)).toMatchObject({ status: 'acquired', record: { attempt: 1 } });
  await struck;
  client.disconnect();
});
