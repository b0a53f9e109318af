import { createClient } from '@redis/client';
import { createIdempotency } from '@twiceproof/core';
import {
  type RedisEngine,
  startProxy,
  startRedis,
  startRedisCluster,
  startRedisSentinel,
} from '@twiceproof/engines';
import { Cluster, Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { expect, test } from 'vitest';
import { nodeRedis } from '../src/node-redis.ts';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, outcome } from './claims.ts';

/** A client, and the server that it loses. */
interface World {
  readonly store: RedisStore;
  readonly server: RedisEngine;
  /** Whether the client believes that it has a connection to every server. */
  readonly believes: () => boolean;
  /** Resolves when the server has answered a request that was made after all others. */
  answered(): Promise<unknown>;
  end(): Promise<void>;
}

const retryStrategy = () => 20;
const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];

function onOneServer(connect: (url: string) => Redis | Redis5) {
  return async (): Promise<World> => {
    const server = await startRedis({ config: durable });
    const client = connect(server.url);
    client.on('error', () => {});
    return {
      store: redisStore({ client }),
      server,
      believes: () => client.status === 'ready',
      answered: () => client.get('any'),
      async end() {
        client.disconnect();
        await server.stop();
      },
    };
  };
}

const worlds: Record<string, () => Promise<World>> = {
  ioredis: onOneServer((url) => new Redis(url, { retryStrategy })),
  'ioredis with auto-pipelining': onOneServer(
    (url) => new Redis(url, { retryStrategy, enableAutoPipelining: true }),
  ),
  'ioredis 5': onOneServer((url) => new Redis5(url, { retryStrategy })),
  async 'ioredis behind Sentinel'() {
    const { master, name, sentinels, stop } = await startRedisSentinel({ config: durable });
    const client = new Redis({ name, sentinels: [...sentinels], maxRetriesPerRequest: null });
    client.on('error', () => {});
    return {
      store: redisStore({ client }),
      server: master,
      believes: () => client.status === 'ready',
      answered: () => client.get('any'),
      async end() {
        client.disconnect();
        await stop();
      },
    };
  },
  async 'ioredis on a Cluster'() {
    const cluster = await startRedisCluster({ config: durable });
    const client = new Cluster([...cluster.nodes]);
    client.on('error', () => {});
    const server = cluster.masters[0]!;
    return {
      store: redisStore({ client }),
      server,
      // It finds out with each key where to send it.
      believes: () => false,
      async answered() {
        // A key of the first slot.
        await expect
          .poll(() => client.get('7g').catch(() => 'no answer'), { timeout: 20_000 })
          .toBeNull();
      },
      async end() {
        client.disconnect();
        await cluster.stop();
      },
    };
  },
  async 'node-redis'() {
    const server = await startRedis({ config: durable });
    const client = createClient({ url: server.url, socket: { reconnectStrategy: 20 } });
    client.on('error', () => {});
    await client.connect();
    return {
      store: redisStore({ client: nodeRedis(client) }),
      server,
      believes: () => client.isReady,
      answered: () => client.get('any'),
      async end() {
        client.destroy();
        await server.stop();
      },
    };
  },
};

test.each(Object.entries(worlds))(
  'a claim that is given up without a connection is never sent: %s',
  async (_, start) => {
    const { store, server, believes, answered, end } = await start();
    const warm = claim();
    await store.acquire(warm);
    await store.renew(warm.id, warm.token, 30_000);
    await store.complete(warm.id, warm.token, outcome);

    await server.kill();
    // What it sends before it knows is taken back when it lands.
    await expect.poll(believes).toBe(false);
    const idempotency = createIdempotency({ environment: 'test', store, storeTimeout: '300ms' });
    const work = idempotency.wrap(async (_key: number) => 'done', { operation: 'work' });
    // On a Cluster about a third of them are for the master that is gone; the others are answered.
    const keys = Array.from({ length: 30 }, (_, at) => at);
    const calls = await Promise.allSettled(keys.map((key) => work(key)));
    const given = keys.filter((at) => calls[at]!.status === 'rejected');
    expect(given.length).toBeGreaterThan(0);
    for (const at of given) {
      expect(calls[at]).toMatchObject({ reason: { code: 'STORE_UNAVAILABLE' } });
    }
    await server.restart();
    await answered();
    for (const key of given) expect(await store.get(await work.idOf(key))).toBeUndefined();
    await end();
  },
);

test('a claim that is given up while the client connects is never sent', async () => {
  const server = await startRedis({ own: true });
  const proxy = await startProxy({ target: server.url });
  proxy.freeze();
  const client = new Redis(proxy.through(server.url), { retryStrategy: () => 20 });
  client.on('error', () => {});
  const store = redisStore({ client, allowEviction: true });
  const mine = claim();
  const asked = store.acquire(mine, { signal: AbortSignal.timeout(100) });
  await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' });
  proxy.heal();
  await client.ping();
  expect(await client.exists(`twiceproof:${mine.id}`)).toBe(0);
  client.disconnect();
  await proxy.stop();
  await server.stop();
});

test('a claim that is given up while the server is asked whether it evicts is never sent', async () => {
  const server = await startRedis({ own: true });
  const client = new Redis(server.url);
  await client.ping();
  const store = redisStore({ client });
  const idempotency = createIdempotency({ environment: 'test', store, storeTimeout: '200ms' });
  const work = idempotency.wrap(async (_key: string) => 'done', { operation: 'work' });
  server.pause();
  await expect(work('any')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  server.resume();
  await client.ping();
  await client.ping();
  expect(await client.exists(`twiceproof:${await work.idOf('any')}`)).toBe(0);
  client.disconnect();
  await server.stop();
});

test('a claim that is given up while its record is looked for is never sent', async () => {
  const server = await startRedis({ own: true });
  const client = new Redis(server.url);
  const store = redisStore({ client });
  const idempotency = createIdempotency({ environment: 'test', store, storeTimeout: '200ms' });
  const work = idempotency.wrap(async (_key: string) => 'done', { operation: 'work' });
  // From here on a read comes first.
  const patient = createIdempotency({ environment: 'test', store });
  const known = patient.wrap(async (_key: string) => 'done', { operation: 'work' });
  for (let count = 0; count < 100; count++) await known('replayed');
  server.pause();
  await expect(work('any')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  server.resume();
  await client.ping();
  await client.ping();
  expect(await client.exists(`twiceproof:${await work.idOf('any')}`)).toBe(0);
  await idempotency.close();
  client.disconnect();
  await server.stop();
});
