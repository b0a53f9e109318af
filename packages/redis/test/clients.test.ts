import { type RedisEngine, startRedis, startRedisCluster } from '@twiceproof/engines';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, failure, outcome, rival } from './claims.ts';

let redis: RedisEngine;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** What every client must bear: a whole life of records, a watcher, and a listing. */
async function liveThrough(store: RedisStore): Promise<void> {
  const [done, failed] = [claim(), claim()];
  for (const mine of [done, failed]) expect((await store.acquire(mine)).status).toBe('acquired');
  expect((await store.acquire(done)).status).toBe('acquired');
  expect((await store.acquire(rival(done))).status).toBe('existing');
  expect(await store.renew(done.id, done.token, 45_000)).toEqual({ remainingMs: 45_000 });
  const { signal } = new AbortController();
  const watching = store.watch!(done.id, signal);
  expect((await store.complete(done.id, done.token, outcome)).status).toBe('done');
  await watching;
  const replay = await store.acquire(rival(done));
  expect(replay).toMatchObject({ status: 'existing', record: { outcome: outcome.bytes } });
  expect((await store.release(failed.id, failed.token, failure)).status).toBe('done');
  const again = await store.acquire(rival(failed));
  expect(again).toMatchObject({ status: 'acquired', record: { attempt: 2 } });
  expect((await store.extend(done.id, null))?.expiresAt).toBeUndefined();
  const { records } = await store.list({ idPrefix: done.id, limit: 10 });
  expect(records.map(({ id }) => id)).toEqual([done.id]);
  expect(await store.delete(done.id)).toBe(true);
  expect(await store.get(done.id)).toBeUndefined();
}

describe('takes a client of ioredis', () => {
  test.each<[string, Omit<RedisOptions, 'replyMapping'>]>([
    ['as it comes', {}],
    ['that connects with the first command', { lazyConnect: true }],
    ['with a prefix for keys', { keyPrefix: 'app[*]:' }],
    ['that answers numbers as texts', { stringNumbers: true }],
    ['that speaks RESP3', { protocol: 3 }],
    ['with auto-pipelining and a prefix', { enableAutoPipelining: true, keyPrefix: 'auto:' }],
    ['with friendly error stacks', { showFriendlyErrorStack: true }],
  ])('%s', async (_, options) => {
    const client = new Redis({ host: redis.host, port: redis.port, ...options });
    const store = redisStore({ client, prefix: 'clients' });
    await liveThrough(store);
    await store.close();
    client.disconnect();
  });

  test('without an offline queue', async () => {
    const client = new Redis(redis.url, { enableOfflineQueue: false });
    await new Promise((resolve) => client.once('ready', resolve));
    const store = redisStore({ client, prefix: 'clients' });
    await liveThrough(store);
    await store.close();
    client.disconnect();
  });

  test('of a Cluster that reads from replicas, or has a prefix', async () => {
    const cluster = await startRedisCluster();
    for (const options of [{ scaleReads: 'slave' as const }, { keyPrefix: 'app:' }]) {
      const client = new Cluster([...cluster.nodes], options);
      const store = redisStore({ client });
      for (let count = 0; count < 5; count++) await liveThrough(store);
      await store.close();
      client.disconnect();
    }
    await cluster.stop();
  });
});

test('the permissions that the readme names are enough', async () => {
  const admin = new Redis(redis.url);
  const rights =
    '~twiceproof:* &twiceproof:* +@read +@write +@scripting +@connection +@pubsub +time +info';
  await admin.acl('SETUSER', 'app', 'on', '>secret', 'resetchannels', ...rights.split(' '));
  const client = new Redis(redis.url, { username: 'app', password: 'secret' });
  const store = redisStore({ client });
  await liveThrough(store);
  await store.close();
  client.disconnect();
  await admin.acl('DELUSER', 'app');
  admin.disconnect();
});

test('scripts that the server forgot are sent again', async () => {
  const client = new Redis(redis.url);
  const store = redisStore({ client, prefix: 'clients' });
  await liveThrough(store);
  await client.script('FLUSH');
  await liveThrough(store);
  await store.close();
  client.disconnect();
});

describe('a call that is not waited for any more', () => {
  test('ends while the client has no connection', async () => {
    const client = new Redis({ port: 1, retryStrategy: () => 50, maxRetriesPerRequest: null });
    client.on('error', () => {});
    const store = redisStore({ client });
    const mine = claim();
    const reason = new Error('no longer waiting');
    const calls = [
      (signal: AbortSignal) => store.acquire(mine, { signal }),
      (signal: AbortSignal) => store.complete(mine.id, mine.token, outcome, { signal }),
      (signal: AbortSignal) => store.get(mine.id, { signal }),
    ];
    for (const call of calls) {
      const controller = new AbortController();
      const answer = call(controller.signal);
      controller.abort(reason);
      await expect(answer).rejects.toBe(reason);
      await expect(call(AbortSignal.abort(reason))).rejects.toBe(reason);
    }
    client.disconnect();
  });

  test('ends while the server does not answer', async () => {
    const paused = await startRedis({ own: true });
    const client = new Redis(paused.url);
    const store = redisStore({ client });
    await store.acquire(claim());
    paused.pause();
    const controller = new AbortController();
    const answer = store.acquire(claim(), { signal: controller.signal });
    controller.abort(new Error('no longer waiting'));
    await expect(answer).rejects.toThrow('no longer waiting');
    paused.resume();
    client.disconnect();
    await paused.stop();
  });
});
