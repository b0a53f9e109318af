import { stripVTControlCharacters } from 'node:util';

/** Lines of a table: the first column to the left, numbers to the right; headings may have two lines. */
export function tableLines(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const split = heads.map((head) => head.split('\n'));
  const height = Math.max(...split.map((lines) => lines.length));
  const headRows = Array.from({ length: height }, (_, row) =>
    split.map((lines) => lines[row - height + lines.length] ?? ''),
  );
  const all = [...headRows, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => width(row[column]!))));
  return all.map((row) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat(widths[column]! - width(cell));
        return column === 0 ? cell + space : space + cell;
      })
      .join('  ')
      .trimEnd(),
  );
}

function width(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
