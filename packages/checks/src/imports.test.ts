import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from './workspace.ts';

/** Prints the URLs of what importing a file loads, in a process of its own. */
const program = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  await import(process.argv[1]);
  console.log(JSON.stringify(loaded));
`;

async function loadedBy(folder: string): Promise<string[]> {
  const file = join(root, 'packages', folder, 'dist/index.js');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    program,
    file,
  ]);
  return JSON.parse(stdout);
}

const ofNode = (url: string) => url.startsWith('node:');
const packageOf = (url: string) => /.*\/(?:packages|node_modules)\/([^/]+)\//.exec(url)?.[1] ?? url;

test.each([
  ['core', []],
  ['memory', ['core']],
  ['redis', ['cluster-key-slot', 'core']],
  ['postgres', ['core']],
  ['mysql', ['core']],
  ['sqlite', ['core']],
])('importing %s reads one file of it, and one of each of these: %j', async (folder, others) => {
  const files = (await loadedBy(folder)).filter((url) => !ofNode(url));
  expect(files.map(packageOf).sort()).toEqual([folder, ...others].sort());
});

test('importing dynamodb reads one file of it, one of core, and what the SDK has', async () => {
  const files = (await loadedBy('dynamodb')).filter((url) => !ofNode(url));
  const ours = files.filter((url) => !url.includes('/node_modules/'));
  expect(ours.map(packageOf).sort()).toEqual(['core', 'dynamodb']);
});

test('importing core asks Node for nothing that takes time: it is loaded when it is needed', async () => {
  const modules = (await loadedBy('core')).filter(ofNode);
  // Every process has these already.
  const light = ['node:async_hooks', 'node:buffer', 'node:util', 'node:util/types'];
  expect(modules.filter((name) => !light.includes(name))).toEqual([]);
});
