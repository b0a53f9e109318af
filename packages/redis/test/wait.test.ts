import { type RedisEngine, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redisStore } from '../src/redis-store.ts';
import { claim, failure, outcome, rival } from './claims.ts';

let master: RedisEngine;
let replica: RedisEngine;
let client: Redis;

beforeAll(async () => {
  master = await startRedis({ own: true });
  replica = await startRedis({ config: ['--replicaof', master.host, String(master.port)] });
  client = new Redis(master.url);
  await client.set('any', 'write');
  while ((await client.wait(1, 1_000)) < 1);
});
afterAll(async () => {
  client.disconnect();
  await replica.stop();
  await master.stop();
});

test('what replicas confirm counts, and they have it', async () => {
  const store = redisStore({ client, wait: { replicas: 1, timeout: '5s' } });
  const reader = new Redis(replica.url);
  for (const _ of ['by script', 'by command']) {
    const mine = claim();
    expect((await store.acquire(mine)).status).toBe('acquired');
    expect(await reader.exists(`twiceproof:${mine.id}`)).toBe(1);
    expect((await store.acquire(rival(mine))).status).toBe('existing');
    expect((await store.complete(mine.id, mine.token, outcome)).status).toBe('done');
    expect(await reader.get(`twiceproof:${mine.id}`)).toContain('done');
    expect(await store.delete(mine.id)).toBe(true);
  }
  reader.disconnect();
});

test('what too few replicas confirm is a fault, which the same token gets over', async () => {
  const store = redisStore({ client, wait: { replicas: 1, timeout: '50ms' } });
  const [known, mine, failed] = [claim(), claim(), claim()];
  await store.acquire(known);
  replica.pause();
  const tooFew = '0 of 1 replicas confirmed the write within 50 ms';
  await expect(store.acquire(mine)).rejects.toThrow(tooFew);
  await expect(store.acquire(mine)).rejects.toThrow(tooFew);
  await expect(store.complete(mine.id, mine.token, outcome)).rejects.toThrow(tooFew);
  await expect(store.complete(mine.id, mine.token, outcome)).rejects.toThrow(tooFew);
  await expect(store.acquire(failed)).rejects.toThrow(tooFew);
  await expect(store.release(failed.id, failed.token, failure)).rejects.toThrow(tooFew);
  expect((await store.acquire(rival(mine))).status).toBe('existing');
  replica.resume();
  const patient = redisStore({ client, wait: { replicas: 1, timeout: '10s' } });
  expect((await patient.complete(mine.id, mine.token, outcome)).status).toBe('already_done');
  expect((await patient.acquire(rival(failed))).status).toBe('acquired');
});
