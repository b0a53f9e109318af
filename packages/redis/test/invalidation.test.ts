import { createClient } from '@redis/client';
import type { Invalidation } from '@twiceproof/core';
import {
  type RedisEngine,
  startProxy,
  startRedis,
  startRedisCluster,
  startRedisSentinel,
} from '@twiceproof/engines';
import { Cluster, Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { afterEach, describe, expect, test } from 'vitest';
import { listen } from '../src/hearing.ts';
import { nodeRedis, redisInvalidation } from '../src/index.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function server(): Promise<RedisEngine> {
  const engine = await startRedis({ own: true });
  cleanUps.push(engine.stop);
  return engine;
}

function quiet<Client extends Redis | Redis5 | Cluster>(client: Client): Client {
  (client as Redis).on('error', () => {});
  cleanUps.push(() => client.disconnect());
  return client;
}

const within = { timeout: 20_000 };

/** One process of an invalidation, and another that publishes. */
function process(client: Parameters<typeof redisInvalidation>[0]['client'], publisher: Redis) {
  const [one, other] = [redisInvalidation({ client }), redisInvalidation({ client: publisher })];
  const forgotten: (string | undefined)[] = [];
  cleanUps.push(one.subscribe((id) => forgotten.push(id)));
  return {
    one,
    forgotten,
    /** Whether it hears each of a hundred messages in a row. */
    async hearsAll() {
      await expect.poll(() => one.isListening, within).toBe(true);
      const ids = Array.from({ length: 100 }, () => `id ${Math.random()}`);
      for (const id of ids) await other.publish(id);
      await expect.poll(() => forgotten, within).toEqual(expect.arrayContaining(ids));
    },
  };
}

const deaf = (one: Invalidation) => expect.poll(() => one.isListening, within).toBe(false);

test.each<[string, (url: string) => Redis | Redis5]>([
  ['with its defaults', (url) => new Redis(url)],
  ['without an offline queue', (url) => new Redis(url, { enableOfflineQueue: false })],
  ['that subscribes only once', (url) => new Redis(url, { autoResubscribe: false })],
  ['that connects with the first command', (url) => new Redis(url, { lazyConnect: true })],
  ['that gives up quickly', (url) => new Redis(url, { maxRetriesPerRequest: 0 })],
  ['with auto-pipelining', (url) => new Redis(url, { enableAutoPipelining: true })],
  ['of ioredis 5', (url) => new Redis5(url)],
])('a client %s hears, and hears again after its server was away', async (_, connect) => {
  const redis = await server();
  const client = quiet(connect(redis.url));
  const publisher = quiet(new Redis(redis.url));
  const { one, forgotten, hearsAll } = process(client, publisher);
  expect(one.isListening).toBe(false);
  await hearsAll();
  expect(forgotten).not.toContain(undefined);

  await redis.kill();
  await deaf(one);
  await redis.restart();
  await hearsAll();
  expect(forgotten).toContain(undefined);
});

test('a server that is down at the start is heard once it is there', async () => {
  const redis = await server();
  await redis.kill();
  const client = quiet(new Redis(redis.url, { maxRetriesPerRequest: 1, retryStrategy: () => 5 }));
  const other = createClient({ url: redis.url });
  other.on('error', () => {});
  void other.connect();
  cleanUps.push(() => other.destroy());
  const publisher = quiet(new Redis(redis.url));
  const both = [process(client, publisher), process(nodeRedis(other), publisher)];
  await new Promise((resolve) => client.once('reconnecting', resolve));
  for (const { one } of both) expect(one.isListening).toBe(false);
  await redis.restart();
  for (const { hearsAll } of both) await hearsAll();
});

test('a client of node-redis hears again after its server was away', async () => {
  const redis = await server();
  const client = createClient({ url: redis.url, socket: { reconnectStrategy: 20 } });
  client.on('error', () => {});
  await client.connect();
  cleanUps.push(() => client.destroy());
  const { one, forgotten, hearsAll } = process(nodeRedis(client), quiet(new Redis(redis.url)));
  await hearsAll();
  await redis.kill();
  await deaf(one);
  await redis.restart();
  await hearsAll();
  expect(forgotten).toContain(undefined);
});

describe('on a Cluster', () => {
  test('a change of the node that is listened to is noticed, and what was missed distrusted', async () => {
    const cluster = await startRedisCluster();
    cleanUps.push(cluster.stop);
    const client = quiet(new Cluster([...cluster.nodes]));
    const publisher = quiet(new Redis(cluster.masters[0]!.url));
    const { forgotten, hearsAll } = process(client, publisher);
    await hearsAll();
    for (const { url } of cluster.masters) {
      await quiet(new Redis(url)).call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    }
    await expect.poll(() => forgotten, within).toContain(undefined);
    await hearsAll();
  });

  test('another node is listened to when the first is gone, also by a client that had not connected', async () => {
    const cluster = await startRedisCluster({ replicas: true });
    cleanUps.push(cluster.stop);
    const client = quiet(new Cluster([...cluster.nodes], { lazyConnect: true }));
    const publisher = quiet(new Redis(cluster.masters[1]!.url));
    const { hearsAll } = process(client, publisher);
    await hearsAll();
    await cluster.masters[0]!.kill();
    await hearsAll();
  });
});

test('behind Sentinel the new master is listened to', async () => {
  const { name, sentinels, master, stop } = await startRedisSentinel();
  cleanUps.push(stop);
  const connect = () => quiet(new Redis({ name, sentinels: [...sentinels] }));
  const { one, hearsAll } = process(connect(), connect());
  await hearsAll();
  await master.kill();
  await deaf(one);
  await hearsAll();
});

test('a connection that is silent without an end is noticed and given up', async () => {
  const redis = await server();
  const proxy = await startProxy({ target: redis.url });
  cleanUps.push(proxy.stop);
  const client = quiet(new Redis(proxy.through(redis.url), { retryStrategy: () => 20 }));
  let regained = 0;
  const heard: string[] = [];
  const hearing = listen(
    client,
    'silent',
    { heard: (message) => heard.push(message), regained: () => regained++ },
    300,
  );
  cleanUps.push(hearing.close);
  await expect.poll(() => hearing.isCertain).toBe(true);
  proxy.freeze();
  await expect.poll(() => hearing.isCertain, within).toBe(false);
  proxy.heal();
  await expect.poll(() => regained, within).toBe(1);
  await quiet(new Redis(redis.url)).publish('silent', 'again');
  await expect.poll(() => heard).toEqual(['again']);
});

test('a channel that the user may not hear is never trusted', async () => {
  const redis = await server();
  const admin = quiet(new Redis(redis.url));
  await admin.acl('SETUSER', 'app', 'on', '>secret', '~*', 'resetchannels', '+@all');
  const client = quiet(new Redis(redis.url, { username: 'app', password: 'secret' }));
  const refused = new Promise((resolve) => {
    const { duplicate } = client;
    client.duplicate = (...args) => {
      const connection = duplicate.apply(client, args);
      connection.once('end', resolve);
      return connection;
    };
  });
  const { one } = process(client, admin);
  await refused;
  expect(one.isListening).toBe(false);
});

test('who has stopped listening leaves no connection', async () => {
  const redis = await server();
  const client = quiet(new Redis(redis.url));
  const connections = async () => Number(/connected_clients:(\d+)/.exec(await client.info())?.[1]);
  const before = await connections();
  const invalidation = redisInvalidation({ client });
  const stops = [invalidation.subscribe(() => {}), invalidation.subscribe(() => {})];
  await expect.poll(() => invalidation.isListening).toBe(true);
  expect(await connections()).toBe(before + 2);
  for (const stop of stops) stop();
  await expect.poll(connections).toBe(before);
  expect(invalidation.isListening).toBe(false);
});
