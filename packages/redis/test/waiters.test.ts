import { setImmediate as nextTick } from 'node:timers/promises';
import { type RedisEngine, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, failure, outcome, rival } from './claims.ts';

let redis: RedisEngine;
let admin: Redis;
let owner: RedisStore;
/** Each on a connection of its own, as in processes of their own. */
let waiters: RedisStore[];
const waiting = new AbortController().signal;

beforeAll(async () => {
  redis = await startRedis({ own: true });
  admin = new Redis(redis.url);
});
afterAll(async () => {
  admin.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  const clients = Array.from({ length: 4 }, () => new Redis(redis.url));
  const [first, ...others] = clients.map((client) => redisStore({ client }));
  owner = first!;
  waiters = others;
  for (const store of [owner, ...waiters]) await store.acquire(claim());
  return async () => {
    for (const store of [owner, ...waiters]) await store.close();
    for (const client of clients) client.disconnect();
  };
});

async function published(act: () => Promise<unknown>): Promise<number> {
  await admin.config('RESETSTAT');
  await act();
  const stats = await admin.info('commandstats');
  return Number(/cmdstat_publish:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

const isAwaited = async (id: string) =>
  (await admin.getrange(`twiceproof:${id}`, 3, 3)) === '1' || undefined;

test('nothing is published where nobody waits', async () => {
  const mine = [claim(), claim(), claim(), claim()] as const;
  for (const each of mine) await owner.acquire(each);
  const [completed, failed, renewed, deleted] = mine;
  const ending = async () => {
    await owner.complete(completed.id, completed.token, outcome);
    await owner.release(failed.id, failed.token, failure);
    await owner.renew(renewed.id, renewed.token, 40_000);
    await owner.complete(renewed.id, renewed.token, outcome);
    await owner.extend(completed.id, 90_000);
    await owner.delete(deleted.id);
  };
  expect(await published(ending)).toBe(0);
});

test('a settlement is published once, however many wait, and those in no other process', async () => {
  const mine = claim();
  await owner.acquire(mine);
  const watching = waiters.flatMap((store) => [
    store.watch!(mine.id, waiting),
    store.watch!(mine.id, waiting),
  ]);
  await expect.poll(() => admin.pubsub('NUMSUB', `twiceproof:${mine.id}`)).toContain(3);
  await expect.poll(() => isAwaited(mine.id)).toBe(true);
  expect(await published(() => owner.complete(mine.id, mine.token, outcome))).toBe(1);
  await Promise.all(watching);
});

describe('who waits is woken by', () => {
  const { unknown, ...ends } = {
    completion: (id: string, token: string) => owner.complete(id, token, outcome),
    failure: (id: string, token: string) => owner.release(id, token, failure),
    unknown: (id: string, token: string) => owner.release(id, token, { ...failure, unknown: true }),
    deletion: (id: string) => owner.delete(id),
    async 'completion of a renewed lease'(id: string, token: string) {
      await owner.renew(id, token, 50_000);
      await owner.complete(id, token, outcome);
    },
  };

  test.each(Object.entries({ ...ends, 'an outcome that nobody knows': unknown }))(
    '%s',
    async (_, end) => {
      const mine = claim();
      await owner.acquire(mine);
      const watching = waiters[0]!.watch!(mine.id, waiting);
      await expect.poll(() => isAwaited(mine.id)).toBe(true);
      await end(mine.id, mine.token);
      await watching;
    },
  );

  test('the end of a takeover, which itself wakes nobody', async () => {
    const gone = claim({ leaseMs: 50 });
    await owner.acquire(gone);
    const watching = waiters[0]!.watch!(gone.id, waiting);
    await expect.poll(() => isAwaited(gone.id)).toBe(true);
    const mine = rival(gone, { leaseMs: 30_000 });
    await expect.poll(async () => (await owner.acquire(mine)).status).toBe('acquired');
    await owner.complete(mine.id, mine.token, outcome);
    await watching;
  });

  test('the next settlement, again and again', async () => {
    const mine = claim();
    await owner.acquire(mine);
    let holder = mine;
    for (let round = 0; round < 5; round++) {
      const watching = Promise.all(waiters.map((store) => store.watch!(mine.id, waiting)));
      await expect.poll(() => isAwaited(mine.id)).toBe(true);
      await owner.release(holder.id, holder.token, failure);
      await watching;
      holder = rival(mine);
      expect((await owner.acquire(holder)).status).toBe('acquired');
    }
  });
});

test('who comes later waits for the record that is there then', async () => {
  const mine = claim();
  await owner.acquire(mine);
  const early = waiters[0]!.watch!(mine.id, waiting);
  await expect.poll(() => isAwaited(mine.id)).toBe(true);
  await admin.del(`twiceproof:${mine.id}`);
  await owner.acquire(mine);
  const late = waiters[0]!.watch!(mine.id, waiting);
  await expect.poll(() => isAwaited(mine.id)).toBe(true);
  await owner.complete(mine.id, mine.token, outcome);
  await Promise.all([early, late]);
});

test('who comes after the end of an attempt, whatever it was, does not wait', async () => {
  const ends = [outcome, failure, { ...failure, unknown: true }];
  for (const end of ends) {
    const mine = claim();
    await owner.acquire(mine);
    if ('bytes' in end) await owner.complete(mine.id, mine.token, end);
    else await owner.release(mine.id, mine.token, end);
    await waiters[0]!.watch!(mine.id, waiting);
  }
});

test('who comes while another one leaves is woken as well', async () => {
  for (let ticks = 0; ticks < 60; ticks++) {
    const mine = claim();
    await owner.acquire(mine);
    const leaving = new AbortController();
    const left = waiters[0]!.watch!(mine.id, leaving.signal);
    for (let tick = 0; tick < ticks % 20; tick++) await nextTick();
    leaving.abort();
    const watching = waiters[0]!.watch!(mine.id, waiting);
    await left;
    await expect.poll(() => isAwaited(mine.id)).toBe(true);
    await owner.complete(mine.id, mine.token, outcome);
    await watching;
  }
});

/**
 * A watch says nothing until it is woken: one that was missed would never end. Whoever waits begins before,
 * with and after the settlement, in steps so small that it falls between any two of the requests of a watch.
 */
test('no wake-up is missed, whenever the settlement comes', async () => {
  const rounds = 400;
  const round = async (at: number) => {
    const mine = claim();
    await owner.acquire(mine);
    const watching = waiters.map(async (store, which) => {
      for (let tick = 0; tick < (at * (which + 1)) % 7; tick++) await nextTick();
      await store.watch!(mine.id, waiting);
    });
    for (let tick = 0; tick < at % 23; tick++) await nextTick();
    const end =
      at % 3 === 0
        ? owner.complete(mine.id, mine.token, outcome)
        : owner.release(mine.id, mine.token, { ...failure, unknown: at % 3 === 1 });
    expect((await end).status).toBe('done');
    await Promise.all(watching);
  };
  const lane = async (from: number) => {
    for (let at = from; at < rounds; at += 8) await round(at);
  };
  await Promise.all(Array.from({ length: 8 }, (_, from) => lane(from)));
});
