import { getHeapSpaceStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { quickEffort, runRounds } from './rounds.ts';

/** Costs `cost` of what time is worth in the round that all of them are in. */
function contender(name: string, cost: number, order: string[] = []) {
  const speeds = [1, 50, 2, 7, 1, 3];
  let round = 0;
  return {
    name,
    role: name === 'a' ? ('floor' as const) : ('ours' as const),
    sample: async () => {
      order.push(name);
      return { cpu: cost * speeds[round++ % speeds.length]! };
    },
  };
}

const effort = (rounds: number) => ({ ...quickEffort, rounds });

test('what slows a whole round down changes no ratio', async () => {
  const contenders = [contender('a', 10), contender('b', 40), contender('c', 5)];
  const comparison = { title: 'work', atOnce: 1, contenders };
  const { rows } = await runRounds(comparison, effort(6));
  const always = (median: number) => ({ cpu: { median, low: median, high: median } });
  expect(rows.map(({ name, ratios }) => [name, ratios])).toEqual([
    ['a', {}],
    ['b', { a: always(0.25) }],
    ['c', { a: always(2) }],
  ]);
});

test('ours are held against everyone else, others against the first one alone', async () => {
  const contenders = [
    contender('a', 10),
    contender('ours', 20),
    { ...contender('peer', 30), role: 'peer' as const },
  ];
  const { rows } = await runRounds({ title: 'work', atOnce: 1, contenders }, effort(1));
  expect(rows.map(({ name, ratios }) => [name, Object.keys(ratios)])).toEqual([
    ['a', []],
    ['ours', ['a', 'peer']],
    ['peer', ['a']],
  ]);
});

test('contenders take turns, and each of them comes first in its turn', async () => {
  const order: string[] = [];
  const contenders = ['a', 'b', 'c'].map((name) => contender(name, 1, order));
  await runRounds({ title: 'work', atOnce: 1, contenders }, effort(4));
  expect(order.join('')).toBe('abcbcacababc');
});

test('a sample has as many calls as fit into its time, and never fewer than are under way', async () => {
  const asked: number[] = [];
  const sample = async (calls: number) => {
    asked.push(calls);
    return { wall: asked.length < 3 ? 100 : 10_000 };
  };
  const contenders = [{ name: 'a', role: 'floor' as const, sample }];
  const comparison = { title: 'work', atOnce: 8, contenders };
  await runRounds(comparison, { ...effort(1), warmUps: 3, sampleMs: 10, fills: true });
  expect(asked).toEqual([8, 100, 100, 8]);
});

test('a sample has as many calls as its comparison wants, however long they take', async () => {
  const asked: number[] = [];
  const sample = async (calls: number) => {
    asked.push(calls);
    return { cpu: 10 * asked.length };
  };
  const contenders = [{ name: 'a', role: 'floor' as const, sample }];
  const comparison = { title: 'work', atOnce: 8, contenders, calls: 300 };
  await runRounds(comparison, { ...effort(2), warmUps: 2, sampleMs: 10, fills: true });
  await runRounds(comparison, effort(1));
  expect(asked).toEqual([300, 300, 300, 300, quickEffort.fewestCalls]);
});

test('a comparison that takes too long ends with fewer rounds, and says how many', async () => {
  const comparison = { title: 'work', atOnce: 1, contenders: [contender('a', 1)] };
  const { rounds } = await runRounds(comparison, { ...effort(9), budgetMs: -1, fewestRounds: 2 });
  expect(rounds).toBe(2);
});

test('what comes of several figures is had of each round', async () => {
  const contenders = [contender('a', 10), contender('b', 40)];
  const derived = {
    difference: ([a, b]: readonly { cpu?: number }[]) => (b!.cpu! - a!.cpu!) / a!.cpu!,
  };
  const comparison = { title: 'work', atOnce: 1, contenders, derived };
  const result = await runRounds(comparison, effort(4));
  expect(result.derived).toEqual({ difference: { median: 3, low: 3, high: 3 } });
});

test('nobody collects what another one left behind', async () => {
  const leftBytes = 600_000;
  const found: number[] = [];
  const contenders = ['a', 'b'].map((name) => ({
    ...contender(name, 1),
    sample: async () => {
      found.push(recentBytes());
      while (recentBytes() < leftBytes) Array.from({ length: 1_000 }, () => ({}));
      return { cpu: 1 };
    },
  }));
  await runRounds({ title: 'work', atOnce: 1, contenders }, effort(2));
  expect(Math.max(...found)).toBeLessThan(leftBytes / 2);
});

function recentBytes(): number {
  const spaces = getHeapSpaceStatistics();
  return spaces.find(({ space_name }) => space_name === 'new_space')!.space_used_size;
}
