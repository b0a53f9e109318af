import type { Claim } from '@twiceproof/core';
import { createIdempotency } from '@twiceproof/core';
import { commandsSent, type RedisEngine, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RedisStore, redisStore } from '../src/redis-store.ts';
import { claim, outcome, rival } from './claims.ts';

/** What a call costs on the wire: counted, so that no machine is too slow for it. */
let redis: RedisEngine;
let client: Redis;
let observer: Redis;
let store: RedisStore;
const calls = 64;

beforeAll(async () => {
  redis = await startRedis({ own: true });
  client = new Redis(redis.url);
  observer = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  observer.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  store = redisStore({ client });
  for (let round = 0; round < 3; round++) await firsts(claims());
});

const claims = (operation = 'work') =>
  Array.from({ length: calls }, () =>
    claim({ id: `test/${operation}/0/${'x'.repeat(10)}${Math.random()}`, operation }),
  );

async function firsts(mine: readonly Claim[]): Promise<void> {
  await Promise.all(mine.map((each) => store.acquire(each)));
  await Promise.all(mine.map(({ id, token }) => store.complete(id, token, outcome)));
}

async function replays(mine: readonly Claim[]): Promise<void> {
  const found = await Promise.all(mine.map((each) => store.acquire(rival(each))));
  expect(new Set(found.map(({ record }) => record.status))).toEqual(new Set(['completed']));
}

async function netBytes(): Promise<{ input: number; output: number }> {
  const info = await observer.info('stats');
  const of = (name: string) => Number(new RegExp(`${name}:(\\d+)`).exec(info)![1]);
  return { input: of('total_net_input_bytes'), output: of('total_net_output_bytes') };
}

/** Bytes a call to the server and back, beyond what the observer's own questions are. */
async function bytesPerCall(act: () => Promise<unknown>): Promise<{ in: number; out: number }> {
  const start = await netBytes();
  const idle = await netBytes();
  await act();
  const end = await netBytes();
  return {
    in: (end.input - idle.input - (idle.input - start.input)) / calls,
    out: (end.output - idle.output - (idle.output - start.output)) / calls,
  };
}

test('a first execution takes to the server its record, and back next to nothing', async () => {
  const mine = claims();
  const bytes = await bytesPerCall(() => firsts(mine));
  const [{ id, token }] = mine as [Claim];
  // Its key twice; its token as it is claimed, as it is compared, and as it is settled; and what is written.
  const least = 2 * `twiceproof:${id}`.length + 3 * token.length + outcome.bytes.length;
  expect(bytes.in).toBeLessThan(least + 200);
  expect(bytes.out).toBeLessThan(20);
});

test('a replay takes to the server its claim, or its key where it is likely, and back the record', async () => {
  const mine = claims('replayed');
  await firsts(mine);
  const { id } = mine[0]!;
  const record = await observer.strlen(`twiceproof:${id}`);
  const unlikely = await bytesPerCall(() => replays(mine));
  expect(unlikely.out).toBeLessThan(record + 25);
  for (let round = 0; round < 3; round++) await replays(mine);
  const likely = await bytesPerCall(() => replays(mine));
  expect(likely.in).toBeLessThan(`twiceproof:${id}`.length + 15);
  expect(likely.out).toBeLessThan(record + 25);
});

test('a record is its result and at most 150 bytes, for a key of a payment’s id', async () => {
  const idempotency = createIdempotency({ environment: 'prod', store });
  const charge = idempotency.wrap(async (_paymentId: string) => 'charged', {
    operation: 'charge-payment',
  });
  await charge('payment-0f8fad5b-d9cb-469f');
  const id = await charge.idOf('payment-0f8fad5b-d9cb-469f');
  const record = (await store.get(id))!;
  expect(await observer.strlen(`twiceproof:${id}`)).toBeLessThan(
    record.outcome!.length +
      (record.keyPreview ?? '').length +
      (record.inputPreview ?? '').length +
      150,
  );
});

test('calls through core meet as well: sixty-four firsts are four requests, and their replays two', async () => {
  const idempotency = createIdempotency({ environment: 'test', store });
  const work = idempotency.wrap(async (key: number) => key, { operation: 'work' });
  const keys = Array.from({ length: calls }, (_, at) => at);
  const all = () => Promise.all(keys.map((key) => work(key)));
  expect((await commandsSent(observer, all)).length).toBeLessThanOrEqual(4);
  expect((await commandsSent(observer, all)).length).toBeLessThanOrEqual(2);
});
