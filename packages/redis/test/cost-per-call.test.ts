import { createHook } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Claim } from '@twiceproof/core';
import { type RedisEngine, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, outcome, rival } from './claims.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** What calls that travel together cost this process, in counts, which no load of the machine changes. */
let redis: RedisEngine;
let client: Redis;
let store: RedisStore;
const calls = 64;

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
  store = redisStore({ client });
  for (let round = 0; round < 40; round++) {
    const mine = claims();
    await all(mine, first);
    await all(mine, settle);
    await all(rivals(mine), first);
  }
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});

const claims = (operation = 'work') =>
  Array.from({ length: calls }, (...[, at]) =>
    claim({ id: `test/${operation}/0/${'x'.repeat(30)}${Math.random()}-${at}`, operation }),
  );
const rivals = (mine: readonly Claim[]) => mine.map((each) => rival(each));
const first = (mine: Claim) => store.acquire(mine);
const settle = ({ id, token }: Claim) => store.complete(id, token, outcome);

function all(mine: readonly Claim[], ask: (claim: Claim) => Promise<unknown>) {
  return Promise.all(mine.map(ask));
}

/** What each of them costs: promises until it is sent, and bytes until all are answered. */
async function costOf(mine: readonly Claim[], ask: (claim: Claim) => Promise<unknown>) {
  let promises = 0;
  const hook = createHook({
    init: (...[, type]) => {
      if (type === 'PROMISE') promises++;
    },
  });
  collect();
  const { heapUsed } = process.memoryUsage();
  hook.enable();
  const asked = mine.map(ask);
  hook.disable();
  await Promise.all(asked);
  const bytes = (process.memoryUsage().heapUsed - heapUsed) / calls;
  return { promises: promises / calls, bytes };
}

/** The least of some rounds: others hold code that was compiled meanwhile. */
const least = (costs: readonly { bytes: number }[]) => Math.min(...costs.map(({ bytes }) => bytes));

test('a claim, a settlement and a replay make one promise each, and little garbage', async () => {
  const [claimed, settled, replayed]: Awaited<ReturnType<typeof costOf>>[][] = [[], [], []];
  const known = claims();
  await all(known, first);
  for (let round = 0; round < 5; round++) {
    const mine = claims();
    claimed.push(await costOf(mine, first));
    settled.push(await costOf(mine, settle));
  }
  await all(known, settle);
  for (let round = 0; round < 3; round++) await all(rivals(known), first);
  for (let round = 0; round < 5; round++) replayed.push(await costOf(rivals(known), first));
  for (const { promises } of [...claimed, ...settled, ...replayed])
    expect(promises).toBeLessThan(1.2);
  console.log(claimed, settled, replayed);
  expect(least(claimed)).toBeLessThan(6_000);
  expect(least(settled)).toBeLessThan(5_500);
  expect(least(replayed)).toBeLessThan(5_000);
});
