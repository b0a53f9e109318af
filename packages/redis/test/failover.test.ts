import { createIdempotency } from '@twiceproof/core';
import { type RedisEngine, startRedisCluster, startRedisSentinel } from '@twiceproof/engines';
import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis-5';
import { expect, test } from 'vitest';
import { redisStore } from '../src/redis-store.ts';
import { traffic } from './traffic.ts';

for (const enableAutoPipelining of [false, true]) {
  const how = enableAutoPipelining ? ', with auto-pipelining' : '';
  test(`while a master of a Cluster is down no call hangs, and afterwards all work${how}`, async () => {
    const cluster = await startRedisCluster({ config: ['--appendonly', 'yes'] });
    const client = new Cluster([...cluster.nodes], {
      enableAutoPipelining,
      redisOptions: { maxRetriesPerRequest: 3 },
    });
    client.on('error', () => {});
    const store = redisStore({ client });
    const { answers, end } = traffic(store);
    await expect.poll(() => answers.right, { timeout: 30_000 }).toBeGreaterThan(100);

    await cluster.masters[1]!.kill();
    await expect.poll(() => answers.faults, { timeout: 30_000 }).toBeGreaterThan(0);
    await cluster.masters[1]!.restart();

    const before = answers.right;
    await expect.poll(() => answers.right, { timeout: 30_000 }).toBeGreaterThan(before + 500);
    await end();
    expect(answers.wrong).toEqual([]);
    await store.close();
    client.disconnect();
    await cluster.stop();
  });
}

for (const options of [
  { enableAutoPipelining: true },
  { wait: { replicas: 1, timeout: 500 } },
  { enableAutoPipelining: true, Client: Cluster5 },
]) {
  const { enableAutoPipelining = false, wait, Client = Cluster } = options;
  const how = `${Client === Cluster ? 'ioredis' : 'ioredis 5'}${wait ? ' with wait' : ''}${enableAutoPipelining ? ' with auto-pipelining' : ''}`;
  test(`when a replica takes the place of a master, calls follow it: ${how}`, async () => {
    const cluster = await startRedisCluster({ replicas: true });
    const client = new Client([...cluster.nodes], { enableAutoPipelining });
    client.on('error', () => {});
    const store = redisStore({ client, wait });
    const { answers, end } = traffic(store);
    await expect.poll(() => answers.right, { timeout: 30_000 }).toBeGreaterThan(100);

    await cluster.masters[0]!.kill();
    const successor = new Redis(cluster.replicas[0]!.url);
    await expect
      .poll(() => successor.info('replication'), { timeout: 30_000 })
      .toContain('role:master');
    if (wait) await restartAsReplica(cluster.masters[0]!, successor);

    // Every slot is served again: no key fails any more, whichever it is.
    await expect
      .poll(
        async () => {
          const keys = Array.from({ length: 100 }, (_, at) => `${at}-${Math.random()}`);
          const call = createIdempotency({ environment: 'test', store }).wrap(
            async (key: string) => key,
            { operation: 'afterwards' },
          );
          const results = await Promise.allSettled(keys.map((key) => call(key)));
          return results.filter(({ status }) => status === 'rejected');
        },
        { timeout: 30_000 },
      )
      .toEqual([]);
    const before = answers.right;
    await expect.poll(() => answers.right, { timeout: 30_000 }).toBeGreaterThan(before + 500);
    await end();
    expect(answers.wrong).toEqual([]);
    successor.disconnect();
    await store.close();
    client.disconnect();
    await cluster.stop();
  });
}

async function restartAsReplica(server: RedisEngine, master: Redis): Promise<void> {
  await server.restart();
  await expect
    .poll(() => master.info('replication'), { timeout: 30_000 })
    .toContain('state=online');
}

test('through a Sentinel failover no call hangs, and what replicas confirmed is replayed', async () => {
  const { name, sentinels, master, replica, stop } = await startRedisSentinel();
  const client = new Redis({ name, sentinels: [...sentinels] });
  client.on('error', () => {});
  const store = redisStore({ client, wait: { replicas: 1, timeout: '2s' } });
  let executions = 0;
  const idempotency = createIdempotency({ environment: 'test', store });
  const count = idempotency.wrap(async (key: string) => `${key} by ${++executions}`, {
    operation: 'count',
  });
  const keys = Array.from({ length: 50 }, (_, at) => `before-${at}`);
  const results = await Promise.all(keys.map((key) => count(key)));
  const { answers, end } = traffic(redisStore({ client }));
  await expect.poll(() => answers.right, { timeout: 30_000 }).toBeGreaterThan(100);

  await master.kill();
  const before = answers.right;
  await expect.poll(() => answers.right, { timeout: 30_000 }).toBeGreaterThan(before + 500);

  await end();
  expect(answers.wrong).toEqual([]);
  expect(client.stream.remotePort).toBe(replica.port);
  const unwaited = createIdempotency({ environment: 'test', store: redisStore({ client }) });
  const replay = unwaited.wrap(async () => 'executed again', { operation: 'count' });
  expect(await Promise.all(keys.map((key) => (replay as typeof count)(key)))).toEqual(results);
  await store.close();
  client.disconnect();
  await stop();
});
