import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../src/page-list.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'twiceproof-docs-'));
  const program = join(root, 'apps/docs/src/write-package-docs.ts');
  execFileSync('node', [program, folder]);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('links of the guide inside a package lead to a page beside it, or out', () => {
  const files = globSync('**/*.{md,txt}', { cwd: folder });
  expect(files).toEqual(expect.arrayContaining(['llms.txt', 'keys.md', 'with/hono.md']));
  const faults = files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
    const urls = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)|src="([^"]+)"/g)].map(
      ([, link, picture]) => link ?? picture ?? '',
    );
    const dead = urls.filter(
      (url) => !/^[a-z]+:/.test(url) && !existsSync(join(folder, dirname(file), url)),
    );
    return dead.map((url) => `${file}: ${url}`);
  });
  expect(faults).toEqual([]);
});

test('the list for programs names every page of the guide', () => {
  const list = readFileSync(join(folder, 'llms.txt'), 'utf8');
  const named = [...list.matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => path);
  expect(named.toSorted()).toEqual(globSync('**/*.md', { cwd: folder }).toSorted());
});
