import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './workspace.ts';

test('the lockfile names packages by version and checksum, never by an address', () => {
  const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
  const addresses = lockfile.split('\n').filter((line) => /tarball:|https?:\/\//.test(line));
  expect(addresses).toEqual([]);
});
