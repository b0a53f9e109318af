import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../src/workspace.ts';

const rows = readFileSync(join(root, 'docs/where-it-runs.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').map((cell) => cell.trim()));

/** What the page says to be tried, in the second cell of a row: `22.12, 24 and 26` is three of them. */
export function triedOn(name: string): string[] {
  const row = rows.find((cells) => cells[1] === name);
  if (row === undefined) throw new Error(`docs/where-it-runs.md has no row for ${name}`);
  return row[2]!.replaceAll('`', '').split(/, | and /);
}
