import type { Result, Row } from './rounds.ts';

/** The results of one benchmark. */
export interface Report {
  readonly benchmark: string;
  readonly results: readonly Result[];
}

/** A comparison as a table, with the first contender as the measure of the others. */
export function tableOf({ title, unit, rows }: Result): string {
  const cells = [
    [title, unit, 'ratio', 'half of the rounds'],
    ...rows.map((row, at) => [`  ${row.name}`, costOf(row), ...ratioOf(row, at === 0)]),
  ];
  const widths = cells[0]!.map((_, at) => Math.max(...cells.map((line) => line[at]!.length)));
  const lines = cells.map((line) =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('   ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function costOf({ cost }: Row): string {
  return cost < 100 ? cost.toPrecision(3) : cost.toFixed(0);
}

function ratioOf({ ratio }: Row, isMeasure: boolean): [string, string] {
  const { median, low, high } = ratio;
  if (isMeasure) return ['1', ''];
  return [median.toFixed(2), `${low.toFixed(2)} – ${high.toFixed(2)}`];
}
