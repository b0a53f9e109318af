import { createIdempotency } from '@twiceproof/core';
import { commandsSent, type RedisClusterEngine, startRedisCluster } from '@twiceproof/engines';
import { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, outcome, rival } from './claims.ts';

let cluster: RedisClusterEngine;
let observers: Redis[];
beforeAll(async () => {
  cluster = await startRedisCluster();
  observers = cluster.masters.map(({ host, port }) => new Redis(port, host));
});
afterAll(async () => {
  for (const observer of observers) observer.disconnect();
  await cluster.stop();
});

/** What all masters of the cluster are sent meanwhile. */
async function sent(act: () => Promise<unknown>): Promise<string[]> {
  const commands: string[] = [];
  let watched = act;
  for (const observer of observers) {
    const inner = watched;
    watched = async () => {
      commands.push(...(await commandsSent(observer, inner)));
    };
  }
  await watched();
  // Which node has which slot is asked now and then, and for no call.
  return commands.filter((name) => name !== 'cluster');
}

describe.each([false, true])('with auto-pipelining %s', (enableAutoPipelining) => {
  let client: Cluster;
  let store: RedisStore;
  beforeAll(async () => {
    client = new Cluster([...cluster.nodes], { enableAutoPipelining });
    store = redisStore({ client });
    // The clocks of all servers, their scripts and what they can do are known from here on.
    for (let count = 0; count < 64; count++) {
      const warm = claim({ operation: 'warm' });
      await store.acquire(warm);
      await store.complete(warm.id, warm.token, outcome);
    }
    return () => client.disconnect();
  });

  test('a first execution is two commands, a replay one and a conflict one', async () => {
    const mine = claim();
    expect(await sent(() => store.acquire(mine))).toHaveLength(1);
    expect(await sent(() => store.acquire(rival(mine)))).toHaveLength(1);
    expect(await sent(() => store.complete(mine.id, mine.token, outcome))).toHaveLength(1);
    expect(await sent(() => store.acquire(rival(mine)))).toHaveLength(1);
  });

  test('calls of many keys at once, whatever their slots, take no more commands each', async () => {
    const idempotency = createIdempotency({ environment: 'test', store });
    const charge = idempotency.wrap(async (key: string) => key, {
      operation: `charge ${enableAutoPipelining}`,
    });
    const keys = Array.from({ length: 64 }, (...[, at]) => `${at}`);
    const callAll = () => Promise.all(keys.map((key) => charge(key)));
    const firsts = await sent(callAll);
    expect(firsts.length).toBeGreaterThan(0);
    expect(firsts.length).toBeLessThanOrEqual(2 * keys.length);
    const replays = await sent(callAll);
    expect(replays.length).toBeGreaterThan(0);
    expect(replays.length).toBeLessThanOrEqual(keys.length);
  });
});
