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

test('the replica of a master that dies takes its place', async () => {
  const cluster = await startRedisCluster({ replicas: true });
  expect(cluster.replicas).toHaveLength(3);
  const client = new Cluster([...cluster.nodes]);
  client.on('error', () => {});
  await cluster.masters[0]!.kill();
  const successor = cluster.replicas[0]!;
  const serving = async () => {
    await client.set('any', 'thing').catch(() => {});
    return client.nodes('master').map(({ options }) => options.port);
  };
  await expect.poll(serving, { timeout: 30_000 }).toContain(successor.port);
  client.disconnect();
  await cluster.stop();
});
