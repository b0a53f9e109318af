import { createIdempotency, isIdempotencyError } from '@twiceproof/core';
import { startRedisCluster, startRedisSentinel } from '@twiceproof/engines';
import { Cluster, Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { redisStore } from '../src/redis-store.ts';

/** Keeps calling until told to stop; every call must end, in its answer or in a coded error. */
function traffic(call: (key: string) => Promise<string>) {
  let isOver = false;
  const answers = { right: 0, faults: 0, wrong: [] as unknown[] };
  const caller = async (name: string) => {
    for (let count = 0; !isOver; count++) {
      const key = `${name}-${count}`;
      try {
        if ((await call(key)) === key) answers.right++;
        else answers.wrong.push(key);
      } catch (error) {
        if (isIdempotencyError(error, 'STORE_UNAVAILABLE')) answers.faults++;
        else answers.wrong.push(error);
      }
    }
  };
  const callers = Promise.all(Array.from({ length: 8 }, (_, at) => caller(`caller-${at}`)));
  return {
    answers,
    async end() {
      isOver = true;
      await callers;
    },
  };
}

function echo(store: ReturnType<typeof redisStore>) {
  const idempotency = createIdempotency({ environment: 'test', store, lease: '5s' });
  return idempotency.wrap(async (key: string) => key, { operation: 'echo' });
}

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
    const { answers, end } = traffic(echo(store));
    await expect.poll(() => answers.right).toBeGreaterThan(100);

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
  const { answers, end } = traffic(echo(redisStore({ client })));
  await expect.poll(() => answers.right).toBeGreaterThan(100);

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
