import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Results, resultsOf, textOf, withReports } from '../output/results.ts';
import { pageOf } from './page.ts';
import type { Limits } from './target-section.ts';

export const root: string = resolve(import.meta.dirname, '../../../..');
const folder = join(root, 'apps/benchmarks/results');
const resultsFile = join(folder, 'results.jsonl');

export function savedResults(): Results | undefined {
  return existsSync(resultsFile) ? resultsOf(readFileSync(resultsFile, 'utf8')) : undefined;
}

export function writtenLimits(): Limits {
  return JSON.parse(readFileSync(join(folder, 'limits.json'), 'utf8'));
}

/** Puts results beside those that are there, and makes the page of them anew. */
export function save(results: Results): void {
  writeFileSync(resultsFile, textOf(withReports(savedResults(), results)));
  writePage();
}

/** Answers which files were written. */
export function writePage(): string[] {
  const results = savedResults();
  if (!results) throw new Error(`there are no results in ${resultsFile} yet; run with --save`);
  const files = Object.entries(pageOf(results, writtenLimits()));
  for (const [path, text] of files) writeFileSync(join(root, path), text);
  return files.map(([path]) => path);
}
