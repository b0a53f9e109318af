import { expect, test } from 'vitest';
import { runRounds } from './rounds.ts';

/** Costs `cost` of what time is worth in the round that all of them are in. */
function contender(name: string, cost: number, order: string[], speeds = [1, 50, 2, 7, 1, 3]) {
  let round = 0;
  return {
    name,
    sample: async () => {
      order.push(name);
      return cost * speeds[round++ % speeds.length]!;
    },
  };
}

test('what slows a whole round down changes no ratio', async () => {
  const contenders = [contender('a', 10, []), contender('b', 40, [])];
  const { rows } = await runRounds({ title: 'work', unit: 'µs', contenders }, 6);
  expect(rows.map(({ name, ratio }) => [name, ratio])).toEqual([
    ['a', { median: 1, low: 1, high: 1 }],
    ['b', { median: 0.25, low: 0.25, high: 0.25 }],
  ]);
});

test('contenders take turns, and each of them comes first in its turn', async () => {
  const order: string[] = [];
  const contenders = ['a', 'b', 'c'].map((name) => contender(name, 1, order));
  await runRounds({ title: 'work', unit: 'µs', contenders }, 1);
  expect(order.join('')).toBe('abcbcacababc');
});
