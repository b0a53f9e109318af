import { createClient } from '@redis/client';
import { createIdempotency, isIdempotencyError } from '@twiceproof/core';
import { type FaultProxy, type RedisEngine, startProxy, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nodeRedis } from '../src/node-redis.ts';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, failure, outcome, rival } from './claims.ts';

/** Two servers of which one follows the other, behind a name. A failover changes their roles and the
 * name, and leaves connections where they are. */
let servers: [RedisEngine, RedisEngine];
let admins: Redis[];
let proxy: FaultProxy;
let master = 0;

beforeAll(async () => {
  servers = [await startRedis({ own: true }), await startRedis({ own: true })];
  admins = servers.map(({ url }) => new Redis(url));
  await follow(1, 0);
  proxy = await startProxy({ target: servers[0].url });
});
afterAll(async () => {
  for (const admin of admins) admin.disconnect();
  await proxy.stop();
  for (const server of servers) await server.stop();
});

async function follow(replica: number, of: number): Promise<void> {
  await admins[of]!.replicaof('NO', 'ONE');
  await admins[replica]!.replicaof(servers[of]!.host, servers[of]!.port);
  while (!(await admins[replica]!.info('replication')).includes('master_link_status:up'));
}

async function failover(): Promise<void> {
  await admins[master]!.set('any', 'write');
  expect(await admins[master]!.wait(1, 10_000)).toBe(1);
  const before = master;
  master = 1 - master;
  proxy.redirect(servers[master]!.url);
  await follow(before, master);
}

interface Connected {
  readonly store: RedisStore;
  end(): void;
}

const url = () => proxy.through(servers[0].url);
const clients: Record<string, () => Connected | Promise<Connected>> = {
  ioredis() {
    const client = new Redis(url());
    return { store: redisStore({ client }), end: () => client.disconnect() };
  },
  'ioredis with auto-pipelining'() {
    const client = new Redis(url(), { enableAutoPipelining: true });
    return { store: redisStore({ client }), end: () => client.disconnect() };
  },
  'ioredis that waits for replicas'() {
    const client = new Redis(url());
    const wait = { replicas: 1, timeout: 5_000 };
    return { store: redisStore({ client, wait }), end: () => client.disconnect() };
  },
  'ioredis 5'() {
    const client = new Redis5(url());
    return { store: redisStore({ client }), end: () => client.disconnect() };
  },
  async 'node-redis'() {
    const client = createClient({ url: url() });
    client.on('error', () => {});
    await client.connect();
    return { store: redisStore({ client: nodeRedis(client) }), end: () => client.destroy() };
  },
};

describe.each(Object.entries(clients))('after a failover, %s with its defaults', (_, connect) => {
  let store: RedisStore;
  let end: () => void;

  beforeEach(async () => {
    ({ store, end } = await connect());
    // The clock and the scripts are known, and the connection leads to the master.
    const warm = claim();
    await store.acquire(warm);
    await store.renew(warm.id, warm.token, 30_000);
    await store.complete(warm.id, warm.token, outcome);
    return end;
  });

  /** Asks as core does: a fault that is not coded is tried again. */
  async function untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    let answer: Answer | undefined;
    const answered = async () => {
      try {
        answer = await ask();
        return true;
      } catch (error) {
        if (isIdempotencyError(error)) throw error;
        return false;
      }
    };
    await expect.poll(answered, { timeout: 20_000, interval: 50 }).toBe(true);
    return answer!;
  }

  test('claims, settles and replays', async () => {
    await failover();
    const idempotency = createIdempotency({ environment: 'test', store, storeTimeout: '20s' });
    let executions = 0;
    const count = idempotency.wrap(async (_key: string) => ++executions, { operation: 'count' });
    const keys = Array.from({ length: 20 }, (_, at) => `${master}-${Date.now()}-${at}`);
    const results = await Promise.all(keys.map((key) => count(key)));
    expect(await Promise.all(keys.map((key) => count(key)))).toEqual(results);
    expect(executions).toBe(keys.length);
  });

  test('renews, releases, extends, deletes and takes copies', async () => {
    const [live, failed, done] = [claim(), claim(), claim()];
    for (const mine of [live, failed, done]) await store.acquire(mine);
    await store.complete(done.id, done.token, outcome);
    const record = (await store.get(done.id))!;

    const act: (() => Promise<unknown>)[] = [
      async () => expect(await store.renew(live.id, live.token, 40_000)).toBeDefined(),
      async () => {
        const released = await store.release(failed.id, failed.token, failure);
        expect(released.status).toMatch(/done/);
      },
      async () => expect((await store.extend(done.id, null))?.expiresAt).toBeUndefined(),
      async () => expect(await store.delete(done.id)).toBe(true),
      async () => store.fill(record, 30_000),
      async () => {
        const taken = await store.acquire(rival(failed));
        expect(taken).toMatchObject({ status: 'acquired', record: { attempt: 2 } });
      },
    ];
    for (const each of act) {
      await failover();
      await untilAnswered(each);
    }
  });
});

test('a replica that has lost its master is not asked for ever', async () => {
  const [lost, found] = [await startRedis({ own: true }), await startRedis({ own: true })];
  const admin = new Redis(lost.url);
  const name = await startProxy({ target: lost.url });
  const client = new Redis(name.through(lost.url));
  const store = redisStore({ client });
  await store.get(claim().id);

  await admin.config('SET', 'replica-serve-stale-data', 'no');
  await admin.replicaof('127.0.0.1', 1);
  name.redirect(found.url);
  const idempotency = createIdempotency({ environment: 'test', store, storeTimeout: '20s' });
  await expect.poll(() => idempotency.records.get(claim().id)).toBeUndefined();
  expect(await store.get(claim().id)).toBeUndefined();

  admin.disconnect();
  client.disconnect();
  await name.stop();
  await lost.stop();
  await found.stop();
});

test('a client that would not connect again keeps its connection', async () => {
  for (const retryStrategy of [null, () => null]) {
    const client = new Redis(servers[1 - master]!.url, { retryStrategy: retryStrategy as never });
    const store = redisStore({ client });
    await expect(store.acquire(claim())).rejects.toThrow('read-only replica');
    await expect(store.acquire(claim())).rejects.toThrow('read-only replica');
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
  }
});
