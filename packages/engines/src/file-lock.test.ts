import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withFileLock } from './file-lock.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twiceproof-lock-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('one holder at a time', async () => {
  let inside = 0;
  const most: number[] = [];
  await Promise.all(
    [1, 2, 3, 4].map(() =>
      withFileLock(join(folder, 'lock'), async () => {
        most.push(++inside);
        await setImmediate();
        inside--;
      }),
    ),
  );
  expect(most).toEqual([1, 1, 1, 1]);
});

test('the lock of a process that died is taken over', async () => {
  const path = join(folder, 'stale');
  await writeFile(path, String(2 ** 22 + 1));
  expect(await withFileLock(path, async () => 'mine')).toBe('mine');
});

test('a failure of the work gives the lock back', async () => {
  const path = join(folder, 'failed');
  await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withFileLock(path, async () => 'mine')).toBe('mine');
});
