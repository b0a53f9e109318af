import type { Format, Paint } from './paint.ts';
import { fitted, padded, steadyText, widthOf } from './text-width.ts';

export interface Column<Row> {
  readonly title: string;
  /** Plain text on one line. */
  readonly text: (row: Row) => string;
  readonly format?: (row: Row) => Format | undefined;
  readonly align?: 'left' | 'right';
  /** May be cut down to so many columns of the terminal. Never cut unless given. */
  readonly least?: number;
  /** How it is cut. At its end unless given. */
  readonly cut?: (text: string, width: number) => string;
  /** Left out where there is no room; the highest goes first. Always there unless given. */
  readonly drop?: number;
}

interface Sized<Row> {
  readonly column: Column<Row>;
  readonly cells: readonly string[];
  readonly natural: number;
  readonly least: number;
}

const gap = '  ';

/** Lines of a table, as wide as the terminal where `width` is given. Empty columns are left out. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number | undefined,
  paint: Paint,
): string {
  const sized = columns
    .map((column) => sizeOf(column, rows, width !== undefined))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const shown = width === undefined ? sized : thatFit(sized, width);
  const widths = widthsOf(shown, width);
  const line = (
    cell: (each: Sized<Row>) => string,
    format: (each: Sized<Row>) => Format | undefined,
  ) => {
    const last = shown.findLastIndex((each) => cell(each) !== '');
    const parts = shown.slice(0, last + 1).map((each, index) => {
      const text = (each.column.cut ?? fitted)(cell(each), widths[index]!);
      const isTrailing = index === last && each.column.align !== 'right';
      const placed = isTrailing ? text : padded(text, widths[index]!, each.column.align);
      const chosen = format(each);
      return chosen === undefined ? placed : paint(chosen, placed);
    });
    return parts.join(gap);
  };
  return [
    line(
      ({ column }) => column.title,
      () => 'dim',
    ),
    ...rows.map((row, at) =>
      line(
        ({ cells }) => cells[at]!,
        ({ column }) => column.format?.(row),
      ),
    ),
  ].join('\n');
}

function sizeOf<Row>(column: Column<Row>, rows: readonly Row[], isOnTerminal: boolean): Sized<Row> {
  const texts = rows.map(column.text);
  const cells = isOnTerminal ? texts.map(steadyText) : texts;
  const natural = cells.reduce(
    (most, cell) => Math.max(most, widthOf(cell)),
    widthOf(column.title),
  );
  return { column, cells, natural, least: Math.min(natural, column.least ?? natural) };
}

/** Drops columns until the rest fits at its narrowest. */
function thatFit<Row>(sized: readonly Sized<Row>[], width: number): readonly Sized<Row>[] {
  let shown = sized;
  while (total(shown.map(({ least }) => least)) > width) {
    const droppable = shown.filter(({ column }) => column.drop !== undefined);
    if (droppable.length === 0) break;
    const first = droppable.reduce((a, b) => (b.column.drop! > a.column.drop! ? b : a));
    shown = shown.filter((each) => each !== first);
  }
  return shown;
}

/** Takes what is too much from whichever column is widest, as far as it may be cut. */
function widthsOf<Row>(shown: readonly Sized<Row>[], width: number | undefined): readonly number[] {
  const widths = shown.map(({ natural }) => natural);
  let excess = width === undefined ? 0 : total(widths) - width;
  while (excess > 0) {
    let widest = -1;
    for (const [index, { least }] of shown.entries()) {
      if (widths[index]! > least && (widest < 0 || widths[index]! > widths[widest]!))
        widest = index;
    }
    if (widest < 0) break;
    widths[widest]! -= 1;
    excess -= 1;
  }
  return widths;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each, gap.length * Math.max(0, widths.length - 1));
}
