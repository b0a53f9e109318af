import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packages, root } from '../workspace.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const found = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name]) => name ?? '').sort();

test('every error code has a section of its own, and a line in the table of core', () => {
  const [union = ''] = /export type IdempotencyErrorCode =[^;]+;/.exec(
    read('packages/core/src/errors.ts'),
  ) ?? [''];
  const codes = found(union, /'([A-Z_]+)'/g);
  expect(codes).toContain('IN_PROGRESS');
  expect(found(read('docs/errors.md'), /^## `([A-Z_]+)`$/gm)).toEqual(codes);
  expect(found(read('packages/core/README.md'), /^\| `([A-Z_]+)` \|/gm)).toEqual(codes);
});

test('every alert has its instructions', () => {
  const alerts = found(read('apps/observability/prometheus/alerts.yaml'), /- alert: (\w+)/g);
  expect(alerts).toContain('IdempotentCallsStuck');
  expect(found(read('docs/operating.md'), /^### (Idempot\w+)$/gm)).toEqual(alerts);
});

test('the map of the repository has every package and every app', () => {
  const [map = ''] = /```\n(packages\/[\s\S]*?)```/.exec(read('docs/architecture.md')) ?? [];
  const folders = packages
    .map(({ path }) => path)
    .filter((path) => /^(packages|apps)\//.test(path));
  expect(folders).toContain('packages/core');
  expect(folders.filter((path) => !map.includes(`${path.split('/')[1]}/ `))).toEqual([]);
});
