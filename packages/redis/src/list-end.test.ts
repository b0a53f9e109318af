import { type RedisEngine, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RedisStore, redisStore } from './redis-store.ts';

let engine: RedisEngine;
let client: Redis;
let store: RedisStore;

beforeAll(async () => {
  engine = await startRedis({ own: true });
  client = new Redis(engine.url);
  // COUNT is a hint: keys that share a bucket come in one step, however little was asked for.
  client.scan = (async () => ['0', await client.keys('*')]) as unknown as typeof client.scan;
  store = redisStore({ client });
});

afterAll(async () => {
  await store.close();
  client.disconnect();
  await engine.stop();
});

test('pages end, also where the last step of SCAN finds more than the page has room for', async () => {
  for (let record = 1; record <= 7; record += 1) {
    await store.acquire({
      id: `test/work/0/${record}`,
      environment: 'test',
      operation: 'work',
      run: 0,
      token: `token-${record}`,
      leaseMs: 60_000,
      retentionMs: 60_000,
      abandoned: 'reexecute',
      formatVersion: 1,
    });
  }
  const pages: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ limit: 3, cursor });
    pages.push(page.records.length);
    cursor = page.cursor;
  } while (cursor !== undefined && pages.length < 10);
  expect(pages).toEqual([3, 3, 1]);
});
