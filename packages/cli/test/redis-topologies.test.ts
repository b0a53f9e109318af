import { createIdempotency } from '@twiceproof/core';
import { startRedisCluster, startRedisSentinel } from '@twiceproof/engines';
import { expect, test } from 'vitest';
import { openStore } from '../src/stores/open-store.ts';
import { execute } from './backends.ts';
import { twiceproof } from './run-cli.ts';
import { runMain, runMainJson } from './run-main.ts';

/** Works with records as an application and as an operator of the same URL. */
async function workWith(url: string): Promise<void> {
  const { store, close } = await openStore(url, { cwd: import.meta.dirname, connections: 1 });
  const idempotency = createIdempotency({ environment: 'prod', store });
  const ids: string[] = [];
  for (let n = 0; n < 12; n += 1) ids.push(await execute(idempotency, 'charge', `p-${n}`));
  const { stdout } = await twiceproof(['list', '-q', '--store', url]);
  expect(stdout.trimEnd().split('\n').sort()).toEqual(ids.sort());
  const released = await runMain(['release', '--where', '-o', 'charge', '--yes', '--store', url]);
  expect(released).toMatchObject({ code: 0, stdout: 'released 12 records\n' });
  expect(await runMainJson(['verify', '--store', url], { code: 1 })).toMatchObject({
    ok: false,
    clockOffsetMs: expect.any(Number),
  });
  await close();
}

test('a Cluster is reached by any of its nodes', async () => {
  const cluster = await startRedisCluster();
  const [{ host, port }] = cluster.nodes as [{ host: string; port: number }];
  await workWith(`redis-cluster://${host}:${port}?prefix=cli`);
  await cluster.stop();
});

test('a master is found by its Sentinels', async () => {
  const { sentinels, name, stop } = await startRedisSentinel();
  const servers = sentinels.map(({ host, port }) => `${host}:${port}`).join(',');
  await workWith(`redis-sentinel://${servers}/${name}/2`);
  await stop();
});

test('what is no Cluster says so', async () => {
  const { sentinels, stop } = await startRedisSentinel();
  const [{ host, port }] = sentinels as [{ host: string; port: number }];
  const refused = await runMain(['list', '--store', `redis-cluster://${host}:${port}`]);
  expect(refused).toMatchObject({ code: 3, stdout: '' });
  expect(refused.stderr).toMatch(/^twiceproof: redis-cluster:[^\n]+\n$/);
  await stop();
});
