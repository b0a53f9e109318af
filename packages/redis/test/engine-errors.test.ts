import { isIdempotencyError } from '@twiceproof/core';
import { type RedisEngine, startProxy, startRedis, startRedisCluster } from '@twiceproof/engines';
import { Redis, type RedisOptions } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { engineError } from '../src/engine-errors.ts';
import { redisStore } from '../src/redis-store.ts';
import { claim, failure, outcome } from './claims.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function engine(...config: string[]): Promise<RedisEngine> {
  const redis = await startRedis({ config });
  cleanUps.push(redis.stop);
  return redis;
}

type Login = Pick<RedisOptions, 'username' | 'password' | 'maxRetriesPerRequest' | 'retryStrategy'>;

function connect(url: string, options: Login = {}): Redis {
  const client = new Redis(url, options);
  client.on('error', () => {});
  cleanUps.push(() => client.disconnect());
  return client;
}

/** The fault of a claim, by native command and by script. */
async function faults(store: ReturnType<typeof redisStore>): Promise<unknown[]> {
  const [byScript, byCommand] = [await fault(store), await fault(store)];
  return [byScript, byCommand];
}

function fault(store: ReturnType<typeof redisStore>): Promise<unknown> {
  return store.acquire(claim({ keyPreview: 'a secret preview' })).then(
    (answer) => {
      throw new Error(`answered ${answer.status}`);
    },
    (error: unknown) => error,
  );
}

function expectCure(error: unknown, cure: string): void {
  expect(isIdempotencyError(error, 'STORE_UNAVAILABLE')).toBe(true);
  expect((error as Error).message).toContain(cure);
}

describe('a server that is out of memory', () => {
  test('refuses new claims, and still takes renewals, settlements and deletions', async () => {
    const { url } = await engine('--maxmemory-policy', 'noeviction');
    const client = connect(url);
    const store = redisStore({ client });
    const mine = [claim(), claim(), claim(), claim()] as const;
    for (const each of mine) await store.acquire(each);
    await client.config('SET', 'maxmemory', '1');

    for (const error of await faults(store)) expectCure(error, 'raise maxmemory');

    const [completed, failed, renewed, deleted] = mine;
    expect((await store.complete(completed.id, completed.token, outcome)).status).toBe('done');
    expect((await store.release(failed.id, failed.token, failure)).status).toBe('done');
    expect(await store.renew(renewed.id, renewed.token, 60_000)).toBeDefined();
    expect(await store.delete(deleted.id)).toBe(true);
    expect((await store.get(completed.id))?.outcome).toEqual(outcome.bytes);
  });
});

describe('a server that may forget records when it is full', () => {
  const config = ['--maxmemory', '100mb', '--maxmemory-policy', 'volatile-lru'];

  test('takes no claims, and the error says what to do', async () => {
    const { url } = await engine(...config);
    const store = redisStore({ client: connect(url) });
    for (const error of await faults(store)) {
      expectCure(error, 'is volatile-lru');
      expectCure(error, 'set noeviction');
    }
    expect(await connect(url).dbsize()).toBe(0);
  });

  test('takes claims where that is allowed, and where nothing limits its memory', async () => {
    const limited = redisStore({
      client: connect((await engine(...config)).url),
      allowEviction: true,
    });
    expect((await limited.acquire(claim())).status).toBe('acquired');
    const { url } = await engine('--maxmemory-policy', 'allkeys-lru');
    const unlimited = redisStore({ client: connect(url) });
    expect((await unlimited.acquire(claim())).status).toBe('acquired');
  });

  test('is not waited for longer than the caller wants to, whoever asked first', async () => {
    const { url } = await engine();
    const proxy = await startProxy({ target: url });
    cleanUps.push(proxy.stop);
    const client = connect(proxy.through(url));
    await client.ping();
    const store = redisStore({ client });
    proxy.freeze();
    const patient = store.acquire(claim()).catch(() => {});
    const hurried = store.acquire(claim(), { signal: AbortSignal.timeout(20) });
    await expect(hurried).rejects.toMatchObject({ name: 'TimeoutError' });
    proxy.heal();
    await patient;
  });

  test('takes claims of a user who may not ask for its settings', async () => {
    const { url } = await engine(...config);
    const user = ['on', '>secret', '~*', '&*', '+@all', '-info'];
    await connect(url).call('ACL', 'SETUSER', 'shop', ...user);
    const store = redisStore({ client: connect(url, { username: 'shop', password: 'secret' }) });
    expect((await store.acquire(claim())).status).toBe('acquired');
  });
});

describe('the error says what to do', () => {
  test('with a wrong password, or none', async () => {
    const { url } = await engine('--requirepass', 'right');
    for (const options of [{ password: 'wrong' }, {}]) {
      const store = redisStore({ client: connect(url, options) });
      for (const error of await faults(store)) expectCure(error, 'password');
    }
  });

  test('when a node of a Cluster is taken for a single server', async () => {
    const cluster = await startRedisCluster();
    cleanUps.push(cluster.stop);
    const store = redisStore({ client: connect(cluster.masters[0]!.url) });
    const errors: unknown[] = [];
    for (let count = 0; count < 12; count++) {
      await store.acquire(claim()).catch((error: unknown) => errors.push(error));
    }
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expectCure(error, 'new Cluster(');
  });

  test('when the server cannot write to its disk', async () => {
    const { url } = await engine('--save', '3600 1', '--dir', '/proc');
    const client = connect(url);
    await client.set('any', 'thing');
    await client.bgsave();
    const store = redisStore({ client });
    await expect.poll(async () => String(await fault(store))).toContain('cannot persist');
    for (const error of await faults(store)) expectCure(error, 'free the disk');
    await client.config('SET', 'save', '');
  });

  test('when the user lacks a permission', async () => {
    const { url } = await engine('--appendonly', 'no');
    const weak = ['on', '>secret', '~*', '&*', '+@read', '+info', '+client'];
    await connect(url).acl('SETUSER', 'weak', ...weak);
    const store = redisStore({ client: connect(url, { username: 'weak', password: 'secret' }) });
    expectCure(await fault(store), 'lacks a permission');
  });

  test('when a key of the prefix holds something else', async () => {
    const { url } = await engine('--appendonly', 'no');
    const client = connect(url);
    const store = redisStore({ client });
    const other = claim();
    await store.acquire(claim());
    await client.lpush(`twiceproof:${other.id}`, 'a list');
    const corrupt = { code: 'RECORD_CORRUPT', recordId: other.id };
    await expect(store.acquire(other)).rejects.toMatchObject(corrupt);
    await expect(store.get(other.id)).rejects.toMatchObject(corrupt);
  });
});

describe('a fault that may pass is not coded, so that it is tried again', () => {
  test('when nothing listens', async () => {
    const redis = await engine('--appendonly', 'no');
    const client = connect(redis.url, { maxRetriesPerRequest: 1, retryStrategy: () => 5 });
    await client.ping();
    const store = redisStore({ client });
    await redis.kill();
    const error = await fault(store);
    expect(isIdempotencyError(error)).toBe(false);
    expect(String(error)).toContain('there is no connection to Redis');
  });

  test.each([
    ['LOADING Redis is loading the dataset in memory', 'still loading'],
    ['CLUSTERDOWN The cluster is down', 'does not serve every slot'],
    [
      'Too many Cluster redirections. Last error: ReplyError: CLUSTERDOWN Hash slot not served',
      'does not serve every slot',
    ],
    [
      "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
      'failover',
    ],
    ['NOREPLICAS Not enough good replicas to write.', 'min-replicas-to-write'],
    ['Too many Cluster redirections. Last error: Error: Connection is closed.', 'no connection'],
    ['Command aborted due to connection close', 'no connection'],
    ["READONLY You can't write against a read only replica.", 'connect to the master'],
  ])('%s', (message, hint) => {
    const error = engineError(new Error(message), 'any');
    expect(isIdempotencyError(error)).toBe(false);
    expect(String(error)).toContain(hint);
    expect(String(error)).toContain(message);
  });
});

test('no error carries what was sent', async () => {
  const { url } = await engine('--requirepass', 'right');
  const error = (await fault(redisStore({ client: connect(url) }))) as Error;
  const { cause } = error as { cause?: { command?: object } };
  expect(cause?.command).toBeDefined();
  expect(JSON.stringify(cause?.command)).not.toContain('secret preview');
});
