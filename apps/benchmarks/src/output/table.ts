import { type Measure, units } from '../measuring/figures.ts';
import type { Result, Row } from '../measuring/result.ts';
import type { Spread } from '../measuring/spread.ts';
import { rounded } from './rounded.ts';

/** A comparison as a table, with the first contender as the measure of the others. */
export function tableOf({ title, rows, derived }: Result): string {
  const [measure] = rows;
  const measures = Object.keys(measure!.cost) as Measure[];
  const main = measures[0]!;
  const cells = [
    [title, units[main], 'ratio', 'half of the rounds', ...otherHeads(measures)],
    ...rows.map((row) => [
      `  ${row.name}`,
      rounded(row.cost[main]!.median),
      ...ratioOf(row === measure ? undefined : row.ratios[measure!.name]?.[main]),
      ...otherCells(measures, row, measure!),
    ]),
  ];
  const widths = cells[0]!.map((_, at) => Math.max(...cells.map((line) => line[at]!.length)));
  const lines = cells.map((line) =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('   ')
      .trimEnd(),
  );
  for (const [name, spread] of Object.entries(derived))
    lines.push(`  ${name}: ${rounded(spread.median)} (${between(spread)})`);
  return `${lines.join('\n')}\n`;
}

function otherHeads([, ...others]: readonly Measure[]): string[] {
  return others.flatMap((each) => (each === 'cpu' ? [units.cpu, 'ratio'] : [units[each]]));
}

function otherCells([, ...others]: readonly Measure[], row: Row, measure: Row): string[] {
  return others.flatMap((each) => {
    const cost = rounded(row.cost[each]!.median);
    if (each !== 'cpu') return [cost];
    return [cost, row === measure ? '1' : row.ratios[measure.name]![each]!.median.toFixed(2)];
  });
}

function ratioOf(ratio: Spread | undefined): [string, string] {
  return ratio === undefined ? ['1', ''] : [ratio.median.toFixed(2), between(ratio)];
}

function between({ low, high }: Spread): string {
  return `${low.toFixed(2)} – ${high.toFixed(2)}`;
}
