import { expect, test } from 'vitest';
import { bytesKeptBy } from './bytes-kept-by.ts';
import { collect } from './collect.ts';
import { garbageOf } from './garbage-of.ts';
import { garbageOfCall } from './garbage-of-call.ts';
import { survivingBytesOfCall } from './surviving-bytes-of-call.ts';

/** 816 bytes. */
const hundred = () => new Array(100).fill(0);
let last: unknown;
function drop(made: unknown): void {
  last = made;
}

test('the garbage of a call is what it makes, and not what was made before', async () => {
  const call = async () => drop(hundred());
  const bytes = await garbageOfCall(call);
  expect(last).toHaveLength(100);
  expect(bytes).toBeGreaterThan(816);
  expect(bytes).toBeLessThan(1_400);
});

test('what is prepared is not counted', async () => {
  const bytes = await garbageOf(() => {
    const prepared = Array.from({ length: 1_000 }, hundred);
    return async () => drop(prepared.length);
  });
  expect(bytes).toBeLessThan(10_000);
});

test('a round where V8 collects is not counted, and it is said if all are such', async () => {
  let round = 0;
  const sometimes = await garbageOf(() => async () => {
    drop(Array.from({ length: 100 }, hundred));
    if (round++ % 2 === 0) collect('young');
  });
  expect(sometimes).toBeGreaterThan(81_600);
  const always = garbageOf(() => async () => collect('young'));
  await expect(always).rejects.toThrow('V8 collects in almost every round');
});

test('what survives is what is held, and no garbage', async () => {
  const kept: unknown[] = [];
  const held = await survivingBytesOfCall(400, async () => void kept.push(hundred()));
  const dropped = await survivingBytesOfCall(400, async () => drop(hundred()));
  expect(held).toBeGreaterThan(700);
  expect(held).toBeLessThan(1_200);
  expect(dropped).toBeLessThan(100);
  expect(kept.length).toBeGreaterThan(400);
});

// Much more than what else in the process comes and goes.
test('what is kept is counted until it is let go', async () => {
  const bytes = await bytesKeptBy(() => Array.from({ length: 25_000 }, hundred));
  expect(bytes).toBeGreaterThan(18_000_000);
  expect(bytes).toBeLessThan(23_000_000);
  const external = await bytesKeptBy(() => Buffer.alloc(50_000_000));
  expect(external).toBeGreaterThan(45_000_000);
  expect(await bytesKeptBy(() => void hundred())).toBe(0);
});
