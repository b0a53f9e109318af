import { Cluster } from 'ioredis';
import { expect, test } from 'vitest';
import { signal } from './process-tree.ts';
import { startRedisCluster } from './redis-cluster.ts';

test('a cluster serves keys of every master, and leaves nothing when it is stopped', async () => {
  const cluster = await startRedisCluster();
  const client = new Cluster([...cluster.nodes]);
  for (let key = 0; key < 20; key++) await client.set(`key:${key}`, key);
  const sizes = await Promise.all(client.nodes('master').map((node) => node.dbsize()));
  expect(sizes).toHaveLength(3);
  expect(Math.min(...sizes)).toBeGreaterThan(0);
  client.disconnect();
  const pids = cluster.masters.map(({ pid }) => pid);

  await cluster.stop();

  expect(pids.filter((pid) => signal(pid, 0))).toEqual([]);
});
