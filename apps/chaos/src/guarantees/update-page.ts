import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withSummary, withTables } from './guarantee-table.ts';
import type { RecordedRun } from './recorded-run.ts';

/** The pages that tell of the runs, each with how it is made anew. */
export const pages: readonly (readonly [
  name: string,
  made: (page: string, runs: readonly RecordedRun[]) => string,
])[] = [
  ['docs/running-twice.md', withTables],
  ['README.md', withSummary],
];

export function pageFile(name: string): string {
  return fileURLToPath(new URL(`../../../../${name}`, import.meta.url));
}

export function updatePages(runs: readonly RecordedRun[]): void {
  for (const [name, made] of pages) {
    const file = pageFile(name);
    writeFileSync(file, made(readFileSync(file, 'utf8'), runs));
  }
}
