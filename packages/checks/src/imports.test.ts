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

/** Core's entry, the one for stores, and what both of them share. */
const mostOfCore = 3;

/** How many files of each package. */
function counted(urls: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of urls.map(packageOf)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

test('importing core reads its entry, and at most what that shares with the one for stores', async () => {
  const { core, ...others } = counted((await loadedBy('core')).filter((url) => !ofNode(url)));
  expect(core).toBeLessThan(mostOfCore);
  expect(others).toEqual({});
});

test.each([
  ['memory', {}],
  ['redis', { 'cluster-key-slot': 1 }],
  ['postgres', {}],
  ['mysql', {}],
  ['sqlite', {}],
])(
  'importing %s reads one file of it, those of core, and no more than %j',
  async (folder, more) => {
    const files = (await loadedBy(folder)).filter((url) => !ofNode(url));
    const { core, ...others } = counted(files);
    expect(core).toBeLessThanOrEqual(mostOfCore);
    expect(others).toEqual({ [folder]: 1, ...more });
  },
);

test('importing dynamodb reads one file of it, those of core, and what the SDK has', async () => {
  const files = (await loadedBy('dynamodb')).filter((url) => !ofNode(url));
  const { core, ...others } = counted(files.filter((url) => !url.includes('/node_modules/')));
  expect(core).toBeLessThanOrEqual(mostOfCore);
  expect(others).toEqual({ dynamodb: 1 });
});

test('importing core asks Node for nothing that takes time: it is loaded when it is needed', async () => {
  const modules = (await loadedBy('core')).filter(ofNode);
  // Every process has these already. An import of node:util makes it load all that it has.
  const light = ['node:async_hooks', 'node:buffer', 'node:util/types'];
  expect(modules.filter((name) => !light.includes(name))).toEqual([]);
});
