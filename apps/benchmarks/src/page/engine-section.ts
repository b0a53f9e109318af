import { concurrencies, titleOf, works } from '../benchmarks/titles.ts';
import type { Measure } from '../measuring/figures.ts';
import type { Report, Result, Row } from '../measuring/result.ts';
import { rounded } from '../output/rounded.ts';
import { markdownTable } from './markdown-table.ts';

const keys = ['key = id', 'key = event of 1 KB'];

/** An engine: its plot, and a table of everything that was measured on it. */
export function engineSection(engine: string, report: Report, plot: string | undefined): string {
  const results = keys.flatMap((key) =>
    [...concurrencies]
      .sort((one, other) => one - other)
      .flatMap((atOnce) =>
        works.flatMap((work) =>
          report.results.filter(({ title }) => title === titleOf(work, key, atOnce)),
        ),
      ),
  );
  const others = results[0]?.rows.filter(({ role }) => role !== 'ours') ?? [];
  return [
    `## ${engine}`,
    '',
    ...(plot === undefined
      ? []
      : [`![${engine}: calls a second and milliseconds over the calls at once](${plot})`, '']),
    markdownTable(
      ['call', 'µs', 'CPU µs', 'p50, p99 ms', ...others.map(({ name }) => `× ${name}`)],
      results.map((result) => lineOf(result, others)),
    ),
  ].join('\n');
}

function lineOf({ title, rows }: Result, others: readonly Row[]): string[] {
  const ours = rows.find(({ role }) => role === 'ours')!;
  const cost = (measure: Measure) => rounded(ours.cost[measure]!.median);
  return [
    title,
    cost('wall'),
    cost('cpu'),
    `${cost('p50')}, ${cost('p99')}`,
    ...others.map(({ name }) => ratioOf(ours, name)),
  ];
}

/** How many times as fast: by the clock on the wall, with half of the rounds, and by processor time. */
function ratioOf({ ratios }: Row, other: string): string {
  const { wall, cpu } = ratios[other]!;
  return `${rounded(wall!.median)} (${rounded(wall!.low)} – ${rounded(wall!.high)}), CPU ${rounded(cpu!.median)}`;
}
