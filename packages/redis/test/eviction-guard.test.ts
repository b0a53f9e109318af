import type { Claim } from '@twiceproof/core';
import { type RedisClusterEngine, startRedisCluster } from '@twiceproof/engines';
import calculateSlot from 'cluster-key-slot';
import { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim } from './claims.ts';

let cluster: RedisClusterEngine;
let client: Cluster;
let store: RedisStore;

beforeAll(async () => {
  cluster = await startRedisCluster({ config: ['--cluster-require-full-coverage', 'no'] });
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  client = new Cluster([...cluster.nodes]);
  client.on('error', () => {});
  await new Promise((resolve) => client.once('ready', resolve));
  store = redisStore({ client });
  return () => client.disconnect();
});

/** Claims of which none, or every one, is for the first master. */
function claims(ofTheFirst: boolean): Claim[] {
  const found: Claim[] = [];
  while (found.length < 20) {
    const each = claim();
    const slot = calculateSlot(`twiceproof:${each.id}`);
    if (client.slots[slot]![0]!.endsWith(`:${cluster.masters[0]!.port}`) === ofTheFirst) {
      found.push(each);
    }
  }
  return found;
}

const statuses = (mine: readonly Claim[]) =>
  Promise.all(mine.map(async (each) => (await store.acquire(each)).status));
const acquired = Array.from({ length: 20 }, () => 'acquired');

test('a master that does not answer holds up claims for its own slots only', async () => {
  const [own, others] = [claims(true), claims(false)];
  cluster.masters[0]!.pause();
  const stuck = statuses(own);
  expect(await statuses(others)).toEqual(acquired);
  expect(await statuses(claims(false))).toEqual(acquired);
  cluster.masters[0]!.resume();
  expect(await stuck).toEqual(acquired);
});

describe('of a master that may forget records', () => {
  let admin: Redis;
  beforeEach(async () => {
    admin = new Redis(cluster.masters[0]!.url);
    await admin.config('SET', 'maxmemory', '100mb', 'maxmemory-policy', 'allkeys-lru');
    return async () => {
      await admin.config('SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
      admin.disconnect();
    };
  });

  test('no slot is claimed, and every slot of the others, until it is mended', async () => {
    const own = claims(true);
    for (const mine of own) {
      expect(await statuses(claims(false))).toEqual(acquired);
      await expect(store.acquire(mine)).rejects.toThrow('is allkeys-lru');
    }
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    expect(await statuses(own)).toEqual(acquired);
  });
});

test('verify does not wait for a master that does not answer', async () => {
  cluster.masters[0]!.pause();
  const warnings = await store.verify();
  cluster.masters[0]!.resume();
  const unreadable = warnings.filter(({ code }) => code === 'settings_unreadable');
  expect(unreadable).toMatchObject([
    { server: `127.0.0.1:${cluster.masters[0]!.port}`, message: expect.stringMatching('answer') },
  ]);
  expect(warnings.length).toBeGreaterThan(1);
});
