import { concurrencies, titleOf, works } from '../benchmarks/titles.ts';
import type { Measure } from '../measuring/figures.ts';
import type { Report, Result, Row } from '../measuring/result.ts';
import { ratioText, spreadText } from '../output/ratio-text.ts';
import { rounded } from '../output/rounded.ts';
import { markdownTable } from './markdown-table.ts';

const keys = ['key = id', 'key = event of 1 KB'];

/** An engine: its plot, and tables of everything that was measured on it. */
export function engineSection(engine: string, report: Report, plot: string | undefined): string {
  return [
    `## ${engine}`,
    ...(plot === undefined
      ? []
      : [`![${engine}: calls a second and milliseconds over the calls at once](${plot})`]),
    ...keys.map((key) => tableOf(key, report)),
  ].join('\n\n');
}

function tableOf(key: string, { results }: Report): string {
  const listed = works.flatMap((work) =>
    [...concurrencies]
      .sort((one, other) => one - other)
      .flatMap((atOnce) => results.filter(({ title }) => title === titleOf(work, key, atOnce))),
  );
  const others = listed[0]?.rows.filter(({ role }) => role !== 'ours') ?? [];
  const head = [key, 'µs, CPU µs', 'p50, p99 ms', ...others.map(({ name }) => `× ${name}`)];
  return markdownTable(
    head,
    listed.map((result) => [result.title.replace(`, ${key}`, ''), ...cellsOf(result, others)]),
  );
}

function cellsOf({ rows }: Result, others: readonly Row[]): string[] {
  const ours = rows.find(({ role }) => role === 'ours')!;
  const cost = (measure: Measure) => rounded(ours.cost[measure]!.median);
  return [
    `${cost('wall')}, ${cost('cpu')}`,
    `${cost('p50')}, ${cost('p99')}`,
    ...others.map(({ name }) => ratioOf(ours, name)),
  ];
}

/** How many times as fast: by the clock on the wall, with half of the rounds, and by processor time. */
function ratioOf({ ratios }: Row, other: string): string {
  const { wall, cpu } = ratios[other]!;
  return `${spreadText(wall!)}, CPU ${ratioText(cpu!.median)}`;
}
