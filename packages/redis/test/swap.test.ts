import { createClient } from '@redis/client';
import {
  commandsSent,
  type RedisEngine,
  startProxy,
  startRedis,
  startValkey,
} from '@twiceproof/engines';
import { describeStore } from '@twiceproof/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nodeRedis } from '../src/node-redis.ts';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, failure, outcome, rival } from './claims.ts';

describeStore(
  'Valkey',
  async () => {
    const { url, stop } = await startValkey();
    const clients = [new Redis(url), new Redis(url, { enableAutoPipelining: true })] as const;
    const open = (at: 0 | 1) => redisStore({ client: clients[at], prefix: 'valkey' });
    const stores = [open(0), open(1)] as const;
    return {
      stores,
      damage: async (id) => {
        await clients[0].set(`valkey:${id}`, 'nonsense', 'KEEPTTL');
      },
      clientWorks: () => clients[0].get('any'),
      async dispose() {
        for (const store of stores) await store.close();
        for (const client of clients) client.disconnect();
        await stop();
      },
    };
  },
  { without: ['setup'], parallel: true, contention: { rounds: 40, claims: 50 } },
);

let valkey: RedisEngine;
let observer: Redis;
beforeAll(async () => {
  valkey = await startValkey();
  observer = new Redis(valkey.url);
});
afterAll(async () => {
  observer.disconnect();
  await valkey.stop();
});

const settle = (store: RedisStore, { id, token }: { id: string; token: string }) =>
  store.complete(id, token, outcome);

/** Until lone settlements are what they will be. */
async function warm(store: RedisStore): Promise<void> {
  for (let count = 0; count < 3; count++) {
    const mine = claim();
    await store.acquire(mine);
    await settle(store, mine);
  }
}

describe.each<[string, (url: string) => Promise<[RedisStore, () => void]>]>([
  [
    'ioredis',
    async (url) => {
      const client = new Redis(url);
      return [redisStore({ client }), () => client.disconnect()];
    },
  ],
  [
    'node-redis',
    async (url) => {
      const client = createClient({ url });
      client.on('error', () => {});
      await client.connect();
      return [redisStore({ client: nodeRedis(client) }), () => client.destroy()];
    },
  ],
])('where the server has SET IFEQ, with %s', (_, connect) => {
  let store: RedisStore;
  const sent = (act: () => Promise<unknown>) => commandsSent(observer, act);

  beforeEach(async () => {
    const [made, end] = await connect(valkey.url);
    store = made;
    await warm(store);
    return end;
  });

  test('a lone completion and a lone failure are one command without a script', async () => {
    const [done, failed] = [claim({ keyPreview: 'ünï', fingerprint: '🔑' }), claim()];
    for (const mine of [done, failed]) await store.acquire(mine);
    let settled = await store.complete(done.id, done.token, outcome);
    const [again, forever] = [claim(), claim({ retentionMs: null })];
    for (const mine of [again, forever]) await store.acquire(mine);
    expect(await sent(() => settle(store, again))).toEqual(['set']);
    expect(
      await sent(() =>
        store.complete(forever.id, forever.token, { ...outcome, retentionMs: null }),
      ),
    ).toEqual(['set']);
    expect(await observer.pttl(`twiceproof:${forever.id}`)).toBe(-1);
    if (settled.status !== 'done') throw new Error(settled.status);
    expect(settled.record).toEqual(await store.get(done.id));
    const releasing = async () => {
      settled = await store.release(failed.id, failed.token, failure);
    };
    expect(await sent(releasing)).toEqual(['set']);
    expect(settled).toMatchObject({ record: await store.get(failed.id) });
  });

  test('it leaves what the script leaves', async () => {
    const valueBy = async (end: (mine: ReturnType<typeof claim>) => Promise<unknown>) => {
      const mine = claim({ token: 'tökén;|', keyPreview: 'ünï' });
      await store.acquire(mine);
      await end(mine);
      const value = (await observer.get(`twiceproof:${mine.id}`))!;
      const ttl = await observer.pttl(`twiceproof:${mine.id}`);
      return [value.replace(/\d{16}/, '').replace(/(?<=\|)\d+/, ''), Math.round(ttl / 60_000)];
    };
    const lastError = { name: 'É', message: 'no' };
    const bytes = Buffer.from([0, 255, 124]);
    const complete = ({ id, token }: { id: string; token: string }) =>
      store.complete(id, token, { ...outcome, bytes, lastError });
    const alone = await valueBy(complete);
    // Of two that meet, the second one goes by script.
    const together = await valueBy(async (mine) => {
      const others = [claim(), claim()];
      for (const other of others) await store.acquire(other);
      await Promise.all([...others.map((other) => settle(store, other)), complete(mine)]);
    });
    expect(together).toEqual(alone);
  });

  test('who waits is woken, and a renewed lease is settled: the script decides then', async () => {
    const [awaited, renewed] = [claim(), claim()];
    for (const mine of [awaited, renewed]) await store.acquire(mine);
    const watching = store.watch!(awaited.id, new AbortController().signal);
    await expect.poll(() => observer.getrange(`twiceproof:${awaited.id}`, 3, 3)).toBe('1');
    expect((await settle(store, awaited)).status).toBe('done');
    await watching;
    await store.renew(renewed.id, renewed.token, 40_000);
    expect(await sent(() => settle(store, renewed))).toEqual(['set', 'evalsha']);
    expect((await store.get(renewed.id))?.status).toBe('completed');
  });

  test('what is not mine any more is lost, and a completion that had landed is done', async () => {
    const mine = claim();
    await store.acquire(mine);
    await store.delete(mine.id);
    await store.acquire(rival(mine));
    expect((await settle(store, mine)).status).toBe('lost');

    const proxy = await startProxy({ target: valkey.url });
    const [distant, end] = await connect(proxy.through(valkey.url));
    await warm(distant);
    const landed = claim();
    await distant.acquire(landed);
    const struck = proxy.cutAfter({ when: (request) => request.includes(landed.id) });
    const first = await settle(distant, landed).catch(() => settle(distant, landed));
    await struck;
    expect(first.status).toBe('already_done');
    end();
    await proxy.stop();
  });

  test('a server that is out of memory still takes settlements', async () => {
    const mine = claim();
    await store.acquire(mine);
    await observer.config('SET', 'maxmemory', '1');
    const settled = await settle(store, mine);
    await observer.config('SET', 'maxmemory', '0');
    expect(settled.status).toBe('done');
  });
});

test('a server without it is asked once, and after a failover to one the script settles', async () => {
  const redis = await startRedis({ own: true });
  const admin = new Redis(redis.url);
  const client = new Redis(redis.url);
  const plain = redisStore({ client });
  await warm(plain);
  const mine = claim();
  await plain.acquire(mine);
  expect(await commandsSent(admin, () => settle(plain, mine))).toEqual(['evalsha']);

  const proxy = await startProxy({ target: valkey.url });
  const moving = new Redis(proxy.through(valkey.url), { retryStrategy: () => 5 });
  moving.on('error', () => {});
  const store = redisStore({ client: moving });
  await warm(store);
  proxy.redirect(redis.url);
  proxy.disconnect();
  await expect.poll(() => moving.info('server').catch(() => '')).not.toContain('valkey_version');
  for (let count = 0; count < 2; count++) {
    const later = claim();
    await store.acquire(later);
    expect((await settle(store, later)).status).toBe('done');
  }
  for (const each of [client, moving, admin]) each.disconnect();
  await proxy.stop();
  await redis.stop();
});
