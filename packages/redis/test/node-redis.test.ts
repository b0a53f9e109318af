import { createClient } from '@redis/client';
import { type RedisEngine, startProxy, startRedis } from '@twiceproof/engines';
import { describeStore } from '@twiceproof/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisInvalidation, redisStore } from '../src/index.ts';
import { nodeRedis } from '../src/node-redis.ts';
import { claim, outcome } from './claims.ts';

async function connected(url: string, RESP: 2 | 3 = 3) {
  const client = createClient({ url, RESP, socket: { reconnectStrategy: 5 } });
  client.on('error', () => {});
  await client.connect();
  return client;
}

describeStore(
  'Redis on node-redis',
  async () => {
    const { url, stop } = await startRedis();
    const clients = [await connected(url), await connected(url, 2)] as const;
    const prefix = 'node-redis';
    const open = (at: 0 | 1) => redisStore({ client: nodeRedis(clients[at]), prefix });
    const stores = [open(0), open(1)] as const;
    return {
      stores,
      damage: async (id) => {
        await clients[0].set(`${prefix}:${id}`, 'nonsense', { expiration: 'KEEPTTL' });
      },
      clientWorks: () => clients[0].get('any'),
      async dispose() {
        for (const store of stores) await store.close();
        for (const client of clients) client.destroy();
        await stop();
      },
    };
  },
  { without: ['setup'], parallel: true, contention: { rounds: 40, claims: 50 } },
);

describe('a client of node-redis', () => {
  let redis: RedisEngine;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test('recognises its own claim and completion when the connection was cut after them', async () => {
    const proxy = await startProxy({ target: redis.url });
    const client = await connected(proxy.through(redis.url));
    const store = redisStore({ client: nodeRedis(client), prefix: 'cut' });
    const warm = claim();
    await store.acquire(warm);
    await store.complete(warm.id, warm.token, outcome);

    const mine = claim();
    const cut = () => proxy.cutAfter({ when: (request) => request.includes(mine.id) });
    cut();
    expect(await twice(() => store.acquire(mine))).toMatchObject([
      'cut',
      { status: 'acquired', record: { attempt: 1 } },
    ]);
    cut();
    expect(await twice(() => store.complete(mine.id, mine.token, outcome))).toMatchObject([
      'cut',
      { status: 'already_done' },
    ]);
    await store.close();
    client.destroy();
    await proxy.stop();
  });

  test('waits for replicas, of which there are too few', async () => {
    const client = await connected(redis.url);
    const wait = { replicas: 1, timeout: 20 };
    const store = redisStore({ client: nodeRedis(client), prefix: 'wait', wait });
    await expect(store.acquire(claim())).rejects.toThrow('0 of 1 replicas confirmed');
    client.destroy();
  });

  test('names what puts records at risk', async () => {
    const client = await connected(redis.url);
    const store = redisStore({ client: nodeRedis(client) });
    const warnings = await store.verify();
    const server = `${redis.host}:${redis.port}`;
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'not_persistent', server }));
    client.destroy();
  });

  test('carries invalidations, and says when some may have been missed', async () => {
    const clients = [await connected(redis.url), await connected(redis.url)] as const;
    const [one, other] = clients.map((client) => redisInvalidation({ client: nodeRedis(client) }));
    const forgotten: (string | undefined)[] = [];
    const unsubscribe = other!.subscribe((id) => forgotten.push(id));
    await expect
      .poll(async () => {
        await one!.publish('an id');
        return forgotten;
      })
      .toContain('an id');
    await clients[0].sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await expect.poll(() => forgotten).toContain(undefined);
    unsubscribe();
    for (const client of clients) client.destroy();
  });
});

async function twice<T>(ask: () => Promise<T>): Promise<[T | 'cut', T]> {
  return [await ask().catch(() => 'cut' as const), await ask()];
}
