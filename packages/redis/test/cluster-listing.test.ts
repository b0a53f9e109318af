import { type RedisClusterEngine, startRedisCluster } from '@twiceproof/engines';
import { Cluster } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim } from './claims.ts';

let cluster: RedisClusterEngine;
const ids: string[] = [];

beforeAll(async () => {
  cluster = await startRedisCluster({ config: ['--cluster-require-full-coverage', 'no'] });
  const client = new Cluster([...cluster.nodes]);
  const store = redisStore({ client });
  for (let count = 0; count < 60; count++) {
    const mine = claim();
    ids.push(mine.id);
    await store.acquire(mine);
  }
  client.disconnect();
});
afterAll(() => cluster.stop());

async function listed(store: RedisStore): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ limit: 20, cursor });
    found.push(...page.records.map(({ id }) => id));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

test.each([{ lazyConnect: false }, { lazyConnect: true }])(
  'a client that knows one node and has just begun lists every master: %o',
  async (options) => {
    const client = new Cluster([cluster.nodes[0]!], options);
    const store = redisStore({ client });
    expect((await listed(store)).toSorted()).toEqual(ids.toSorted());
    client.disconnect();

    const fresh = new Cluster([cluster.nodes[0]!], options);
    const warnings = await redisStore({ client: fresh }).verify();
    expect(new Set(warnings.map(({ server }) => server)).size).toBe(3);
    fresh.disconnect();
  },
);

test('a master that is gone is a fault, and not a shorter list', async () => {
  const client = new Cluster([...cluster.nodes]);
  client.on('error', () => {});
  const store = redisStore({ client });
  expect(await listed(store)).toHaveLength(ids.length);
  const left = new Promise((resolve) => client.once('-node', resolve));
  await cluster.masters[0]!.kill();
  await left;
  for (let count = 0; count < 5; count++) {
    await expect(listed(store)).rejects.toThrow(/master|connection/);
  }
  await cluster.masters[0]!.restart();
  await expect.poll(() => listed(store).catch(() => []), { timeout: 20_000 }).not.toEqual([]);
  client.disconnect();
});
