import { setTimeout as elapsed } from 'node:timers/promises';
import { type RedisEngine, reshard, startRedisCluster } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { recordIds } from '../record-ids.ts';
import { inRole } from './in-role.ts';
import { durable } from './redis.ts';
import type { Target } from './target.ts';

const movingMs = 500;

/** Three masters, each with a replica, for which the store waits or not. */
export async function redisCluster({ waits }: { readonly waits: boolean }): Promise<Target> {
  const cluster = await startRedisCluster({ replicas: true, config: durable });
  const [first, second] = cluster.masters as [RedisEngine, RedisEngine];
  return {
    connection: { kind: 'cluster', nodes: cluster.nodes, waits },
    async moveSlots(keys) {
      const slots = await slotsOf(keys, first);
      await reshard(first, second, slots, () => elapsed(movingMs));
      await reshard(second, first, slots, () => elapsed(movingMs));
    },
    async failOver() {
      await first.kill();
      await inRole(cluster.replicas[0]!.url, 'master');
      await first.restart();
      await inRole(first.url, 'slave');
    },
    stop: () => cluster.stop(),
  };
}

/** Those slots of the first master, which has the lowest, that hold the records of these keys. */
async function slotsOf(keys: readonly string[], { url }: RedisEngine): Promise<number[]> {
  const client = new Redis(url);
  try {
    const ids = await recordIds(keys);
    const slots = await Promise.all(ids.map((id) => client.cluster('KEYSLOT', `twiceproof:${id}`)));
    return [...new Set(slots.map(Number))].filter((slot) => slot < Math.floor(16_384 / 3));
  } finally {
    client.disconnect();
  }
}
