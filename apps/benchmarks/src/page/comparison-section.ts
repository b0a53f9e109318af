import { type Measure, units } from '../measuring/figures.ts';
import type { Report, Result, Row } from '../measuring/result.ts';
import { spreadText } from '../output/ratio-text.ts';
import { rounded } from '../output/rounded.ts';
import { markdownTable } from './markdown-table.ts';

/** The comparisons of a benchmark, each with the first contender as the measure of the others. */
export function comparisonSection(heading: string, { results }: Report): string {
  return [`## ${heading}`, ...results.map(tableOf)].join('\n\n');
}

function tableOf({ title, rows, derived }: Result): string {
  const [first] = rows;
  const measures = Object.keys(first!.cost) as Measure[];
  const main = measures[0]!;
  const lines = rows.map((row) => [
    row.name,
    ...measures.map((measure) => rounded(row.cost[measure]!.median)),
    ratioOf(row, first!, main),
  ]);
  const head = [title, ...measures.map((measure) => units[measure]), 'ratio (half of the rounds)'];
  const further = Object.entries(derived).map(
    ([name, spread]) => `

${name}: **${spreadText(spread)}**`,
  );
  return `${markdownTable(head, lines)}${further.join('')}`;
}

function ratioOf({ ratios }: Row, first: Row, measure: Measure): string {
  const ratio = ratios[first.name]?.[measure];
  return ratio ? spreadText(ratio) : '1';
}
