import { expect, test } from 'vitest';
import { mergedReport, type Report, type Result } from './result.ts';

const result = (title: string, cost: number): Result => ({
  ...{ title, atOnce: 1, rounds: 5 },
  rows: [
    {
      name: 'a',
      role: 'ours',
      cost: { wall: { median: cost, low: cost - 1, high: cost + 1 } },
      ratios: { b: { wall: { median: 1 / cost, low: 0, high: 1 } } },
    },
  ],
  derived: { extra: { median: cost, low: cost, high: cost } },
});
const report = (cost: number, more: Partial<Report> = {}): Report => ({
  ...{ benchmark: 'redis', date: '2026-01-01', runs: 1, versions: {} },
  results: [result('first', cost), result('replay', cost)],
  ...more,
});

test('of several runs, the median counts, and how far apart they lay', () => {
  const merged = mergedReport([report(10), report(30), report(11)]);
  expect(merged.runs).toBe(3);
  expect(merged.results.map(({ title, rounds }) => [title, rounds])).toEqual([
    ['first', 15],
    ['replay', 15],
  ]);
  const [{ rows, derived }] = merged.results as [Result];
  expect(rows[0]!.cost.wall).toEqual({ median: 11, low: 9, high: 31 });
  expect(rows[0]!.ratios.b!.wall!.median).toBe(1 / 11);
  expect(derived.extra).toEqual({ median: 11, low: 10, high: 30 });
});

test('a run that failed does not spoil the others', () => {
  const failed = report(99, { results: [result('first', 99)], failure: 'out of memory' });
  const merged = mergedReport([failed, report(10), report(10)]);
  expect(merged).toMatchObject({ runs: 2, results: [{ title: 'first' }, { title: 'replay' }] });
  expect(merged.failure).toBeUndefined();
});

test('where every run failed, the first one tells how', () => {
  const failed = report(99, { failure: 'out of memory' });
  expect(mergedReport([failed, failed])).toMatchObject({ runs: 1, failure: 'out of memory' });
});
