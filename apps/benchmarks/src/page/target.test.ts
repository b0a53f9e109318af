import { expect, test } from 'vitest';
import type { Report } from '../measuring/result.ts';
import { isMet, reachedIn, type Target } from './target.ts';

const spread = (median: number) => ({ median, low: median / 2, high: median * 2 });
const report: Report = {
  ...{ benchmark: 'redis', date: '2026-01-01', runs: 1, versions: {} },
  results: [
    {
      ...{ title: 'replay', atOnce: 64, rounds: 5 },
      rows: [
        { name: 'by hand', role: 'floor', cost: { wall: spread(10) }, ratios: {} },
        {
          name: 'Twiceproof',
          role: 'ours',
          cost: { wall: spread(40) },
          ratios: { 'by hand': { wall: spread(0.25) } },
        },
      ],
      derived: { extra: spread(1.2) },
    },
  ],
};
const row = 'Twiceproof';
const target = (figure: Target['figure'], more: Partial<Target> = {}): Target => ({
  ...{ id: 'any', what: 'any', benchmark: 'redis', title: 'replay', figure },
  ...more,
});

test.each<[string, Target['figure'], number]>([
  ['speed', { row, speedOf: 'by hand', measure: 'wall' }, 0.25],
  ['time', { row, timeOf: 'by hand', measure: 'wall' }, 4],
  ['cost', { row, cost: 'wall' }, 40],
  ['what comes of several', { derived: 'extra' }, 1.2],
])('finds %s', (_name, figure, median) => {
  expect(reachedIn([report], target(figure))).toEqual(spread(median));
});

test.each<[string, Partial<Target>]>([
  ['benchmark', { benchmark: 'postgres' }],
  ['comparison', { title: 'first' }],
  ['row', { figure: { row: 'nobody', cost: 'wall' } }],
  ['derived figure', { figure: { derived: 'other' } }],
])('has nothing to say without the %s', (_name, more) => {
  expect(reachedIn([report], target({ row, cost: 'wall' }, more))).toBeUndefined();
});

test('is met from its bound on', () => {
  const figure = { row, cost: 'wall' } as const;
  const met = (bound: Partial<Target>) => isMet(target(figure, bound), spread(1));
  expect([met({ least: 1 }), met({ least: 1.01 })]).toEqual([true, false]);
  expect([met({ most: 1 }), met({ most: 0.99 })]).toEqual([true, false]);
});
