import { startRedis, startRedisCluster } from '@twiceproof/engines';
import { Cluster, Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { redisStore } from '../src/redis-store.ts';

async function warningsOf(config: string[]): Promise<string[]> {
  const redis = await startRedis({ config });
  const client = new Redis(redis.url);
  const warnings = await redisStore({ client }).verify();
  client.disconnect();
  await redis.stop();
  for (const { server, message } of warnings) {
    expect(server).toBe(`${redis.host}:${redis.port}`);
    expect(message).toMatch(/set |check /);
  }
  return warnings.map(({ code }) => code);
}

test('a server that keeps everything has no warnings', async () => {
  expect(await warningsOf(['--appendonly', 'yes'])).toEqual([]);
});

test('acknowledging writes that are not on the disk for long is a warning', async () => {
  const config = ['--appendonly', 'yes', '--appendfsync', 'no'];
  expect(await warningsOf(config)).toEqual(['acknowledges_before_disk']);
});

test('an eviction policy is a warning, also without a limit', async () => {
  const config = ['--appendonly', 'yes', '--maxmemory-policy', 'allkeys-lru'];
  expect(await warningsOf(config)).toEqual(['evicts_records']);
});

test('no append-only file is a warning', async () => {
  expect(await warningsOf(['--appendonly', 'no'])).toEqual(['not_persistent']);
  expect(await warningsOf(['--appendonly', 'no', '--save', '60 1'])).toEqual(['not_persistent']);
});

test('a master with replicas that takes writes without them is a warning', async () => {
  const master = await startRedis({ config: ['--appendonly', 'yes'] });
  const replica = await startRedis({
    config: ['--replicaof', master.host, String(master.port)],
  });
  const client = new Redis(master.url);
  await expect.poll(() => client.info('replication')).toContain('state=online');
  const store = redisStore({ client });
  const codes = async () => (await store.verify()).map(({ code }) => code);
  expect(await codes()).toEqual(['writes_without_replicas']);
  await client.config('SET', 'min-replicas-to-write', '1');
  expect(await codes()).toEqual([]);
  client.disconnect();
  await replica.stop();
  await master.stop();
});

test('settings that may not be read are a warning', async () => {
  const redis = await startRedis({ config: ['--appendonly', 'yes'] });
  const admin = new Redis(redis.url);
  await admin.acl('SETUSER', 'app', 'on', '>secret', '~*', '&*', '+@all', '-config');
  const client = new Redis(redis.url, { username: 'app', password: 'secret' });
  const warnings = await redisStore({ client }).verify();
  expect(warnings.map(({ code }) => code)).toEqual(['settings_unreadable']);
  admin.disconnect();
  client.disconnect();
  await redis.stop();
});

test('every master of a Cluster is looked at', async () => {
  const cluster = await startRedisCluster();
  const client = new Cluster([...cluster.nodes]);
  await new Promise((resolve) => client.once('ready', resolve));
  const warnings = await redisStore({ client }).verify();
  const servers = cluster.masters.map(({ host, port }) => `${host}:${port}`);
  expect(warnings.map(({ server }) => server).toSorted()).toEqual(servers.toSorted());
  client.disconnect();
  await cluster.stop();
});
