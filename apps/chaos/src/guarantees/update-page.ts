import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withTables } from './guarantee-table.ts';
import type { RecordedRun } from './recorded-run.ts';

export const pageFile: string = fileURLToPath(
  new URL('../../../../docs/running-twice.md', import.meta.url),
);

export function updatePage(runs: readonly RecordedRun[]): void {
  writeFileSync(pageFile, withTables(readFileSync(pageFile, 'utf8'), runs));
}
