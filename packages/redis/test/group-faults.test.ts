import type { Claim } from '@twiceproof/core';
import { createIdempotency, isIdempotencyError } from '@twiceproof/core';
import { type FaultProxy, type RedisEngine, startProxy, startRedis } from '@twiceproof/engines';
import { Redis, type RedisOptions } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, outcome, rival } from './claims.ts';

const many = 64;
const claims = () => Array.from({ length: many }, () => claim());

let server: RedisEngine;
let proxy: FaultProxy;
let cleanUps: (() => unknown)[];

beforeEach(async () => {
  server = await startRedis({ own: true });
  proxy = await startProxy({ target: server.url });
  cleanUps = [() => server.stop(), () => proxy.stop()];
});
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

function connect(url: string, options: Omit<RedisOptions, 'replyMapping'> = {}): Redis {
  const client = new Redis(url, { retryStrategy: () => 5, ...options });
  client.on('error', () => {});
  cleanUps.push(() => client.disconnect());
  return client;
}

/** A store whose next calls go in groups. */
async function busyStore(client: Redis): Promise<RedisStore> {
  const store = redisStore({ client });
  for (const mine of [claims(), claims()]) {
    await Promise.all(mine.map((each) => store.acquire(each)));
    await Promise.all(mine.map(({ id, token }) => store.complete(id, token, outcome)));
  }
  return store;
}

describe.each([
  { who: 'the client sends again', maxRetriesPerRequest: 20, tries: 1 },
  { who: 'the caller asks again', maxRetriesPerRequest: 0, tries: 5 },
])('when the connection ends under a group, and $who', ({ maxRetriesPerRequest, tries }) => {
  async function again<T>(ask: () => Promise<T>): Promise<T> {
    for (let left = tries; ; left--) {
      try {
        return await ask();
      } catch (error) {
        if (left <= 1) throw error;
      }
    }
  }

  test.each(['cutBefore', 'cutAfter'] as const)(
    'each of its claims and settlements has its own answer: %s',
    async (cut) => {
      const store = await busyStore(connect(proxy.through(server.url), { maxRetriesPerRequest }));
      const mine = claims();
      const held = [3, 30];
      for (const at of held) await store.acquire(rival(mine[at]!));
      // The last one is always in the group, whether the first one goes by itself or not.
      const strike = () => proxy[cut]({ when: (bytes) => bytes.includes(mine.at(-1)!.id) });
      const onClaims = strike();
      const claimed = await Promise.all(mine.map((each) => again(() => store.acquire(each))));
      await onClaims;
      for (const [at, { status, record }] of claimed.entries()) {
        expect([at, status]).toEqual([at, held.includes(at) ? 'existing' : 'acquired']);
        expect(record.attempt).toBe(1);
      }
      const onSettlements = strike();
      const settled = await Promise.all(
        mine.map(({ id, token }) => again(() => store.complete(id, token, outcome))),
      );
      await onSettlements;
      for (const [at, { status }] of settled.entries()) {
        if (held.includes(at)) expect(status).toBe('lost');
        else expect(status).toMatch(cut === 'cutAfter' ? /^(already_)?done$/ : /^done$/);
      }
    },
  );
});

/** How many records of these are there. */
async function there(mine: readonly Claim[]): Promise<number> {
  const admin = connect(server.url);
  return admin.exists(...mine.map(({ id }) => `twiceproof:${id}`));
}

test('of the claims that were given up while they waited, none is made', async () => {
  const client = connect(server.url);
  const store = await busyStore(client);
  server.pause();
  const controller = new AbortController();
  const { signal } = controller;
  const mine = Array.from({ length: 5_000 }, () => claim());
  const ended = Promise.allSettled(mine.map((each) => store.acquire(each, { signal })));
  await new Promise((resolve) => setTimeout(resolve, 50));
  controller.abort();
  const live = claim();
  const wanted = store.acquire(live);
  server.resume();
  expect((await wanted).status).toBe('acquired');
  for (const { status } of await ended) expect(status).toBe('rejected');
  // What was under way already, and could not be called back.
  expect(await there(mine)).toBeLessThanOrEqual(2 * many);
});

test('what core gave up while a group was under way is taken back, and the rest is never sent', async () => {
  const client = connect(server.url);
  const store = await busyStore(client);
  const idempotency = createIdempotency({ environment: 'test', store, storeTimeout: '200ms' });
  server.pause();
  let executions = 0;
  const calls = Array.from({ length: 1_000 }, (_, key) =>
    idempotency.execute({ operation: 'work', key }, () => ++executions),
  );
  for (const { status } of await Promise.allSettled(calls)) expect(status).toBe('rejected');
  server.resume();
  await expect
    .poll(
      async () => {
        const { records } = await store.list({
          limit: 1_000,
          operation: 'work',
          environment: 'test',
          status: 'in_progress',
          idPrefix: 'test/work/0/',
        });
        return records.length;
      },
      { timeout: 20_000 },
    )
    .toBe(0);
  expect(executions).toBe(0);
  expect(await client.dbsize()).toBeLessThanOrEqual(2 * 2 * many + 2 * many);
  await idempotency.close({ timeout: '1s' });
});

test('a line that is full refuses claims with a coded error, and goes on serving the others', async () => {
  const store = await busyStore(connect(server.url));
  const mine = claim();
  await store.acquire(mine);
  server.pause();
  const asked = Array.from({ length: 101_000 }, () =>
    store.acquire(claim()).then(
      ({ status }) => status,
      (error) => (isIdempotencyError(error, 'STORE_UNAVAILABLE') ? 'refused' : String(error)),
    ),
  );
  const settled = store.complete(mine.id, mine.token, outcome);
  server.resume();
  expect((await settled).status).toBe('done');
  const answers = new Map<string, number>();
  for (const answer of await Promise.all(asked))
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  expect([...answers.keys()].toSorted()).toEqual(['acquired', 'refused']);
  expect(answers.get('refused')).toBeLessThanOrEqual(1_000);
});

test('a large record holds up no small ones: it travels alone', async () => {
  const client = connect(server.url);
  const store = await busyStore(client);
  const mine = claims();
  await Promise.all(mine.map((each) => store.acquire(each)));
  const large = Buffer.alloc(2 << 20, 7);
  const settled = await Promise.all(
    mine.map(({ id, token }, at) =>
      store.complete(id, token, { ...outcome, bytes: at % 8 === 0 ? large : outcome.bytes }),
    ),
  );
  expect(new Set(settled.map(({ status }) => status))).toEqual(new Set(['done']));
  const found = await Promise.all(mine.map((each) => store.acquire(rival(each))));
  for (const [at, { record }] of found.entries()) {
    expect(record.outcome?.byteLength).toBe(at % 8 === 0 ? large.length : outcome.bytes.length);
  }
});
