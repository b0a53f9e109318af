import { reshard, startRedisCluster } from '@twiceproof/engines';
import { durable } from './redis.ts';
import { serving } from './serving.ts';
import type { Target } from './target.ts';

const movedSlots = 500;

/** Three masters, each with a replica. */
export async function redisCluster(): Promise<Target> {
  const cluster = await startRedisCluster({ replicas: true, config: durable });
  const [first, second] = cluster.masters as [
    (typeof cluster.masters)[number],
    (typeof cluster.masters)[number],
  ];
  const slots = Array.from({ length: movedSlots }, (_, slot) => slot);
  return {
    connection: { kind: 'cluster', nodes: cluster.nodes },
    async moveSlots() {
      await reshard(first, second, slots, async () => {});
      await reshard(second, first, slots, async () => {});
    },
    async failOver() {
      await first.kill();
      await serving(cluster.replicas[0]!.url);
      await first.restart();
    },
    stop: () => cluster.stop(),
  };
}
