import { createIdempotency } from '@twiceproof/core';
import { type RedisEngine, startProxy, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, outcome } from './claims.ts';

let redis: RedisEngine;
let client: Redis;
let store: RedisStore;

beforeAll(async () => {
  redis = await startRedis({ own: true });
});
afterAll(() => redis.stop());
beforeEach(() => {
  client = new Redis(redis.url);
  client.on('error', () => {});
  store = redisStore({ client });
});
afterEach(async () => {
  await store.close();
  client.disconnect();
});

const waiting = new AbortController().signal;
const channels = async () => (await client.pubsub('CHANNELS')) as string[];
const connections = async () => Number(/connected_clients:(\d+)/.exec(await client.info())?.[1]);

test('no connection is opened before somebody waits, and one serves all', async () => {
  const mine = [claim(), claim()] as const;
  for (const each of mine) await store.acquire(each);
  const before = await connections();
  const watching = mine.map(({ id }) => store.watch!(id, waiting));
  await expect.poll(channels).toHaveLength(2);
  expect(await connections()).toBe(before + 1);
  for (const { id, token } of mine) await store.complete(id, token, outcome);
  await Promise.all(watching);
});

test('a channel is left once nobody waits on it', async () => {
  const mine = claim();
  await store.acquire(mine);
  const controller = new AbortController();
  const watching = [store.watch!(mine.id, controller.signal), store.watch!(mine.id, waiting)];
  await expect.poll(channels).toHaveLength(1);
  controller.abort();
  await watching[0];
  expect(await channels()).toHaveLength(1);
  await store.complete(mine.id, mine.token, outcome);
  await watching[1];
  await expect.poll(channels).toHaveLength(0);
});

test('who waits for a record that is settled, or not there, does not wait', async () => {
  const mine = claim();
  await store.watch!(mine.id, waiting);
  await store.acquire(mine);
  await store.complete(mine.id, mine.token, outcome);
  await store.watch!(mine.id, waiting);
});

test('an extension wakes nobody into a wrong answer: the record is asked again', async () => {
  const mine = claim();
  await store.acquire(mine);
  const watching = store.watch!(mine.id, waiting);
  await expect.poll(channels).toHaveLength(1);
  await store.complete(mine.id, mine.token, outcome);
  await watching;
  expect((await store.extend(mine.id, null))?.status).toBe('completed');
});

test('when the connection was lost, everybody is woken: a message may have been missed', async () => {
  const proxy = await startProxy({ target: redis.url });
  const through = new Redis(proxy.through(redis.url), { retryStrategy: () => 5 });
  through.on('error', () => {});
  const distant = redisStore({ client: through });
  const mine = claim();
  await distant.acquire(mine);
  const watching = distant.watch!(mine.id, waiting);
  await expect.poll(channels).toHaveLength(1);
  proxy.disconnect();
  await watching;
  await distant.close();
  through.disconnect();
  await proxy.stop();
});

test('closing wakes everybody and ends the connection', async () => {
  const mine = claim();
  await store.acquire(mine);
  const before = await connections();
  const watching = store.watch!(mine.id, waiting);
  await expect.poll(connections).toBe(before + 1);
  await store.close();
  await watching;
  await expect.poll(connections).toBe(before);
});

test('whoever goes on waiting after the end opens no connection, and still gets the result', async () => {
  const result = Promise.withResolvers<string>();
  const [executing, waits] = [{ ...store }, store].map((each) =>
    createIdempotency({ environment: 'test', store: each, inProgress: 'wait' }).wrap(
      (_id: string) => result.promise,
      { operation: 'work', key: (id) => id },
    ),
  );
  const { id } = claim();
  const executed = executing!(id);
  await expect.poll(async () => await store.get(await waits!.idOf(id))).toBeDefined();
  const before = await connections();
  const waited = waits!(id);
  await expect.poll(connections).toBe(before + 1);
  await store.close();
  await expect.poll(connections).toBe(before);
  await expect(store.watch!(await waits!.idOf(id), waiting)).rejects.toThrow('closed');
  result.resolve('done');
  expect([await executed, await waited]).toEqual(['done', 'done']);
  expect(await connections()).toBe(before);
});

test('a watch that cannot be heard rejects, so that the caller asks from time to time', async () => {
  const mute = new Redis({ port: 1, retryStrategy: () => 1, maxRetriesPerRequest: 1 });
  mute.on('error', () => {});
  await expect(redisStore({ client: mute }).watch!(claim().id, waiting)).rejects.toThrow();
  mute.disconnect();
});

test('without notify there is nothing to wait for, and nothing is published', async () => {
  const quiet = redisStore({ client, notify: false });
  expect(quiet.watch).toBeUndefined();
  const listener = new Redis(redis.url);
  const heard: string[] = [];
  listener.on('pmessage', (_, channel: string) => heard.push(channel));
  await listener.psubscribe('*');
  const mine = claim();
  await quiet.acquire(mine);
  await quiet.complete(mine.id, mine.token, outcome);
  await client.publish('end', '');
  await expect.poll(() => heard).toEqual(['end']);
  listener.disconnect();
});

test('a user who may not publish still settles', async () => {
  await client.acl('SETUSER', 'mute', 'on', '>secret', '~*', 'resetchannels', '+@all');
  const mute = new Redis(redis.url, { username: 'mute', password: 'secret' });
  const mine = claim();
  const muted = redisStore({ client: mute });
  await muted.acquire(mine);
  expect((await muted.complete(mine.id, mine.token, outcome)).status).toBe('done');
  mute.disconnect();
});
