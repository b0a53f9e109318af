import type { Claim } from '@twiceproof/core';
import { garbageOf, promisesUntilAsked } from '@twiceproof/counting';
import { type RedisEngine, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, outcome, rival } from './claims.ts';

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

async function claimed() {
  const mine = claims();
  await all(mine, first);
  return mine;
}

function all(mine: readonly Claim[], ask: (claim: Claim) => Promise<unknown>) {
  return Promise.all(mine.map(ask));
}

/** Promises that each of them makes until it is sent. */
async function promisesOf(mine: readonly Claim[], ask: (claim: Claim) => Promise<unknown>) {
  const { promises, answer: asked } = promisesUntilAsked(() => mine.map(ask));
  await Promise.all(asked);
  return promises / calls;
}

/** Bytes that each of them makes until all are answered. */
async function bytesOf(
  prepare: () => readonly Claim[] | Promise<readonly Claim[]>,
  ask: (claim: Claim) => Promise<unknown>,
) {
  const bytes = await garbageOf(async () => {
    const mine = await prepare();
    return () => all(mine, ask);
  });
  return bytes / calls;
}

test('a claim, a settlement and a replay make one promise each', async () => {
  const mine = claims();
  expect(await promisesOf(mine, first)).toBeLessThan(1.2);
  expect(await promisesOf(mine, settle)).toBeLessThan(1.2);
  expect(await promisesOf(rivals(mine), first)).toBeLessThan(1.2);
});

test('a claim, a settlement and a replay make little garbage', async () => {
  const known = await claimed();
  await all(known, settle);
  expect(await bytesOf(claims, first)).toBeLessThan(4_500);
  expect(await bytesOf(claimed, settle)).toBeLessThan(4_200);
  expect(await bytesOf(() => rivals(known), first)).toBeLessThan(4_000);
});
