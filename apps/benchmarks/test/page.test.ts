import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { textOf } from '../src/output/results.ts';
import { root, savedResults, writtenLimits } from '../src/page/files.ts';
import { pageOf } from '../src/page/page.ts';
import { targets } from '../src/page/targets.ts';

const results = savedResults()!;
const read = (path: string) => readFileSync(join(root, path), 'utf8');

test('the page on speed and its pictures are those of the results that are kept: else, run `pnpm bench --page`', () => {
  for (const [path, text] of Object.entries(pageOf(results, writtenLimits())))
    expect(read(path), path).toBe(text);
});

test('the results are written as a run writes them', () => {
  expect(textOf(results)).toBe(read('apps/benchmarks/results/results.jsonl'));
});

test('what stands in the way is said of targets that there are', () => {
  const ids = targets.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(Object.keys(writtenLimits()).filter((id) => !ids.includes(id))).toEqual([]);
});
