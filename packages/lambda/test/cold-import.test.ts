import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** The URLs of what importing these modules loads, in a process of its own. */
async function loadedBy(...names: string[]): Promise<string[]> {
  const script = new URL('./modules.mjs', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...names], {
    cwd: new URL('..', import.meta.url).pathname,
  });
  return JSON.parse(stdout);
}

const ours = /\/packages\/(core|lambda)\/dist\//;

test('a cold import brings nothing along but core, and what the store needs anyway', async () => {
  const core = new Set(await loadedBy('@twiceproof/core'));
  const added = (await loadedBy('@twiceproof/lambda')).filter((url) => !core.has(url));
  expect(added.filter((url) => !ours.test(url))).toEqual([]);

  const store = new Set(await loadedBy('@twiceproof/dynamodb'));
  const both = await loadedBy('@twiceproof/lambda', '@twiceproof/dynamodb');
  expect(both.filter((url) => !store.has(url) && !ours.test(url))).toEqual([]);
  expect(both.filter((url) => url.includes('@aws-sdk/client-')).length).toBeGreaterThan(0);
});

test('the middleware loads with a handful of files, and without Middy', async () => {
  const core = new Set(await loadedBy('@twiceproof/core'));
  const added = (await loadedBy('@twiceproof/lambda/middy')).filter((url) => !core.has(url));
  expect(added.filter((url) => !ours.test(url))).toEqual([]);
  expect(added.length).toBeLessThan(10);
});
