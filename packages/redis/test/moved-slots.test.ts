import { createIdempotency } from '@twiceproof/core';
import { type RedisClusterEngine, reshard, startRedisCluster } from '@twiceproof/engines';
import { Cluster } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis-5';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { traffic } from './traffic.ts';

const wait = { replicas: 1, timeout: 5_000 };
const ways = [
  { way: 'auto-pipelining', enableAutoPipelining: true },
  { way: 'wait', wait },
  {
    way: 'auto-pipelining, wait and a key prefix',
    enableAutoPipelining: true,
    wait,
    keyPrefix: 'app:',
  },
  { way: 'auto-pipelining of ioredis 5', enableAutoPipelining: true, Client: Cluster5 },
];

let cluster: RedisClusterEngine;
beforeAll(async () => {
  cluster = await startRedisCluster({ replicas: true });
});
afterAll(() => cluster.stop());

/** What a store can be asked for, of keys in every slot. */
async function expectToWork(store: RedisStore, round: string): Promise<void> {
  const idempotency = createIdempotency({ environment: 'test', store, storeTimeout: '20s' });
  let executions = 0;
  const count = idempotency.wrap(async (_key: string) => ++executions, { operation: round });
  const keys = Array.from({ length: 600 }, (_, at) => `${at}`);
  const results = await Promise.all(keys.map((key) => count(key)));
  expect(await Promise.all(keys.map((key) => count(key)))).toEqual(results);
  expect(executions).toBe(keys.length);
}

describe.each(ways)('with $way', ({ way, Client = Cluster, wait, ...options }) => {
  let client: Cluster | Cluster5;
  let store: RedisStore;
  beforeAll(() => {
    client = new Client([...cluster.nodes], options);
    client.on('error', () => {});
    store = redisStore({ client, wait });
    return () => client.disconnect();
  });

  test('slots that move under load are followed: no call fails', async () => {
    const { answers, end } = traffic(store);
    const passed = (count: number) => {
      const before = answers.right;
      return expect
        .poll(() => answers.right, { timeout: 30_000 })
        .toBeGreaterThan(before + count)
        .then(() => {});
    };
    await passed(100);
    const [one, other] = cluster.masters;
    const slots = Array.from({ length: 200 }, (_, at) => at * 20);
    await reshard(one!, other!, slots, () => passed(200));
    await expectToWork(store, `${way}: there`);
    await reshard(other!, one!, slots, () => passed(200));
    await expectToWork(store, `${way}: back`);
    await end();
    expect(answers).toMatchObject({ faults: 0, wrong: [] });
  });
});
