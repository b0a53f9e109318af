import type { Socket } from 'node:net';
import { createClient } from '@redis/client';
import type { Claim } from '@twiceproof/core';
import { commandsSent, type RedisEngine, startRedis, startRedisCluster } from '@twiceproof/engines';
import { Cluster, Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nodeRedis } from '../src/node-redis.ts';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, outcome, rival } from './claims.ts';

let redis: RedisEngine;
let observer: Redis;
const maxRecordBytes = 4_000;

beforeAll(async () => {
  redis = await startRedis({ own: true });
  observer = new Redis(redis.url);
});
afterAll(async () => {
  observer.disconnect();
  await redis.stop();
});

interface Connected {
  readonly store: RedisStore;
  end(): void;
}

const clients: Record<string, (url: string) => Connected | Promise<Connected>> = {
  ioredis(url) {
    const client = new Redis(url);
    return { store: redisStore({ client, maxRecordBytes }), end: () => client.disconnect() };
  },
  'ioredis with auto-pipelining'(url) {
    const client = new Redis(url, { enableAutoPipelining: true });
    return { store: redisStore({ client, maxRecordBytes }), end: () => client.disconnect() };
  },
  'ioredis 5'(url) {
    const client = new Redis5(url);
    return { store: redisStore({ client, maxRecordBytes }), end: () => client.disconnect() };
  },
  async 'node-redis'(url) {
    const client = createClient({ url });
    client.on('error', () => {});
    await client.connect();
    const store = redisStore({ client: nodeRedis(client), maxRecordBytes });
    return { store, end: () => client.destroy() };
  },
};

const many = 64;
const claims = (overrides: Partial<Claim> = {}) =>
  Array.from({ length: many }, () => claim(overrides));

/** What came of each: its status, or the code of its error. */
function answers(asked: readonly Promise<{ readonly status: string }>[]): Promise<string[]> {
  return Promise.all(
    asked.map((each) =>
      each.then(
        ({ status }) => status,
        (error) => error.code ?? String(error),
      ),
    ),
  );
}

const expected = (usual: string, others: Record<number, string> = {}) =>
  Array.from({ length: many }, (_, at) => others[at] ?? usual);

describe.each(Object.entries(clients))('with %s', (_, connect) => {
  let store: RedisStore;
  let end: () => void;

  beforeEach(async () => {
    ({ store, end } = await connect(redis.url));
    // The server's clock and the scripts are known from here on.
    const warm = claims();
    await Promise.all(warm.map((each) => store.acquire(each)));
    const again = claims();
    await Promise.all(again.map((each) => store.acquire(each)));
    await Promise.all(again.map(({ id, token }) => store.complete(id, token, outcome)));
    return end;
  });

  const acquire = (asked: readonly Claim[]) => answers(asked.map((each) => store.acquire(each)));
  const complete = (asked: readonly Claim[], bytes: (at: number) => Buffer = () => outcome.bytes) =>
    answers(
      asked.map(({ id, token }, at) => store.complete(id, token, { ...outcome, bytes: bytes(at) })),
    );
  const requests = async (act: () => Promise<unknown>) =>
    (await commandsSent(observer, act)).length;

  test('sixty-four claims are two requests, and so are their settlements', async () => {
    const mine = claims();
    const claiming = async () => expect(await acquire(mine)).toEqual(expected('acquired'));
    expect(await requests(claiming)).toBeLessThanOrEqual(2);
    const settling = async () => expect(await complete(mine)).toEqual(expected('done'));
    expect(await requests(settling)).toBeLessThanOrEqual(2);
    for (const { id, token } of mine) {
      expect(await store.get(id)).toMatchObject({ token, status: 'completed' });
    }
  });

  test('sixty-four replays and conflicts are two requests, each with its own record', async () => {
    const [done, live] = [claims(), claims()];
    await acquire([...done, ...live]);
    await complete(done, (at) => Buffer.from(`result ${at}`));
    const replaying = async () => {
      const found = await Promise.all(done.map((each) => store.acquire(rival(each))));
      for (const [at, { record }] of found.entries()) {
        expect(record.outcome).toEqual(Buffer.from(`result ${at}`));
      }
    };
    expect(await requests(replaying)).toBeLessThanOrEqual(2);
    const refused = async () => {
      expect(await acquire(live.map((each) => rival(each)))).toEqual(expected('existing'));
    };
    expect(await requests(refused)).toBeLessThanOrEqual(2);
  });

  test('replays that are likely are read together', async () => {
    const mine = claims({ operation: 'replayed' });
    await acquire(mine);
    await complete(mine);
    for (let round = 0; round < 3; round++) await acquire(mine.map((each) => rival(each)));
    const commands = await commandsSent(observer, () => acquire(mine.map((each) => rival(each))));
    expect(commands).toEqual(['mget', 'mget']);
  });

  test('one key twice in a group is claimed once', async () => {
    const mine = claims();
    const rivals = mine.map((each) => rival(each));
    const both = mine.flatMap((each, at) => [each, rivals[at]!]);
    const statuses = await answers(both.map((each) => store.acquire(each)));
    for (let at = 0; at < many; at++) {
      expect(statuses.slice(2 * at, 2 * at + 2).toSorted()).toEqual(['acquired', 'existing']);
    }
  });

  describe('of sixty-four, one that is held, too large, corrupt or of a wrong type has its own answer', () => {
    const [held, large, corrupt, list] = [10, 20, 30, 40] as const;
    const spoil = async (of: readonly Claim[]) => {
      await observer.set(`twiceproof:${of[corrupt]!.id}`, 'nonsense');
      await observer.del(`twiceproof:${of[list]!.id}`);
      await observer.lpush(`twiceproof:${of[list]!.id}`, 'a list');
    };
    const corrupted = { [corrupt]: 'RECORD_CORRUPT', [list]: 'RECORD_CORRUPT' };

    test('and the others are claimed in as many requests as without them', async () => {
      const mine = claims();
      await store.acquire(rival(mine[held]!));
      await spoil(mine);
      mine[large] = claim({ inputPreview: 'x'.repeat(maxRecordBytes) });
      const others = { [held]: 'existing', [large]: 'OPTIONS_INVALID', ...corrupted };
      const claiming = async () =>
        expect(await acquire(mine)).toEqual(expected('acquired', others));
      expect(await requests(claiming)).toBeLessThanOrEqual(2);
    });

    test('and the others are settled in as many requests as without them', async () => {
      const mine = claims();
      await acquire(mine);
      await store.delete(mine[held]!.id);
      await store.acquire(rival(mine[held]!));
      await spoil(mine);
      const tooLarge = Buffer.alloc(maxRecordBytes);
      const others = { [held]: 'lost', [large]: 'too_large', ...corrupted };
      const settling = async () =>
        expect(await complete(mine, (at) => (at === large ? tooLarge : outcome.bytes))).toEqual(
          expected('done', others),
        );
      expect(await requests(settling)).toBeLessThanOrEqual(2);
    });

    test('and the others are replayed in as many requests as without them, and one for a wrong type', async () => {
      const mine = claims({ operation: 'replayed' });
      await acquire(mine);
      await complete(mine);
      for (let round = 0; round < 3; round++) await acquire(mine.map((each) => rival(each)));
      await store.delete(mine[held]!.id);
      await store.acquire({ ...mine[held]!, operation: 'other' });
      await spoil(mine);
      const rivals = mine.map((each) => rival(each));
      rivals[large] = rival(mine[large]!, { inputPreview: 'x'.repeat(maxRecordBytes) });
      const replaying = async () =>
        expect(await acquire(rivals)).toEqual(expected('existing', corrupted));
      expect(await requests(replaying)).toBeLessThanOrEqual(3);
    });
  });
});

test.each([false, true])(
  'of sixty-four, half leave before the tick ends, auto-pipelining %s',
  async (enableAutoPipelining) => {
    const client = new Redis(redis.url, { enableAutoPipelining });
    const store = redisStore({ client });
    const claimAll = (mine: readonly Claim[]) => mine.map((each) => store.acquire(each));
    const settleAll = (mine: readonly Claim[]) =>
      mine.map(({ id, token }) => store.complete(id, token, outcome));
    // The server's clock is known from here on, and that calls meet.
    await Promise.all(claimAll(claims()));
    const warm = claims();
    await Promise.all(claimAll(warm));
    await Promise.all(settleAll(warm));
    const { stream } = client as unknown as { stream: Socket };
    const mine = claims();
    for (const all of [claimAll, settleAll]) {
      const before = stream.bytesWritten;
      const asked: Promise<unknown>[] = all(mine);
      const ahead = stream.bytesWritten - before;
      // Handed to the system, and not merely to the client.
      expect(stream.writableLength).toBe(0);
      await Promise.all(asked);
      const share = ahead / (stream.bytesWritten - before);
      expect(share).toBeGreaterThan(0.45);
      expect(share).toBeLessThan(0.55);
    }
    client.disconnect();
  },
);

test('behind one address, slots of a Cluster are asked one by one', async () => {
  const server = await startRedis({ config: ['--cluster-enabled', 'yes'] });
  const client = new Redis(server.url);
  await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await expect
    .poll(() => client.cluster('INFO'), { timeout: 20_000 })
    .toContain('cluster_state:ok');
  const store = redisStore({ client });
  await store.acquire(claim());
  for (let round = 0; round < 2; round++) {
    const mine = claims();
    expect(await answers(mine.map((each) => store.acquire(each)))).toEqual(expected('acquired'));
    const settling = mine.map(({ id, token }) => store.complete(id, token, outcome));
    expect(await answers(settling)).toEqual(expected('done'));
  }
  client.disconnect();
  await server.stop();
});

test('on a Cluster each claim and each settlement is a command of its own', async () => {
  const cluster = await startRedisCluster();
  const client = new Cluster([...cluster.nodes], { enableAutoPipelining: true });
  const store = redisStore({ client });
  for (let round = 0; round < 2; round++) {
    const mine = claims();
    expect(await answers(mine.map((each) => store.acquire(each)))).toEqual(expected('acquired'));
    const settling = mine.map(({ id, token }) => store.complete(id, token, outcome));
    expect(await answers(settling)).toEqual(expected('done'));
    const rivals = mine.map((each) => store.acquire(rival(each)));
    expect(await answers(rivals)).toEqual(expected('existing'));
  }
  client.disconnect();
  await cluster.stop();
});
