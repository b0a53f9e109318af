import { expect, test } from 'vitest';
import type { Report } from '../measuring/result.ts';
import { type Results, resultsOf, textOf, withReports } from './results.ts';

const machine = { node: 'v24.0.0', processor: 'any', cores: 2, memoryGb: 8 };
const report = (benchmark: string, date: string): Report => ({
  ...{ benchmark, date, runs: 1, results: [], versions: {} },
});
const known: Results = {
  machine,
  reports: [report('redis', '2026-01-01'), report('growth', '2026-01-01')],
};
const further = { machine, reports: [report('redis', '2026-01-02')] };

test('what was measured again takes the place of what was there, and the rest stays', () => {
  const { reports } = withReports(known, further);
  expect(reports).toEqual([report('growth', '2026-01-01'), report('redis', '2026-01-02')]);
});

test('what another machine measured does not stay', () => {
  const elsewhere = { ...further, machine: { ...machine, cores: 64 } };
  expect(withReports(known, elsewhere)).toEqual(elsewhere);
});

test('is written with no more digits than mean something', () => {
  const results = {
    machine,
    reports: [{ ...report('redis', '2026-01-01'), versions: { a: '1' } }],
  };
  expect(resultsOf(textOf(results))).toEqual(results);
  const rows = [{ name: 'a', role: 'ours' as const, cost: {}, ratios: {} }];
  const exact = { median: 1.234567, low: 0.001234567, high: 123456.7 };
  const result = { title: 'any', atOnce: 1, rounds: 1, rows, derived: { exact } };
  const text = textOf({
    machine,
    reports: [{ ...report('redis', '2026-01-01'), results: [result] }],
  });
  expect(resultsOf(text).reports[0]!.results[0]!.derived.exact).toEqual({
    median: 1.235,
    low: 0.001235,
    high: 123_500,
  });
});
