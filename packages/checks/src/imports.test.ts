import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
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

/** How many files of each package. */
function counted(urls: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of urls.map(packageOf)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

test('importing core reads one file', async () => {
  expect(counted((await loadedBy('core')).filter((url) => !ofNode(url)))).toEqual({ core: 1 });
});

/** What core's entry and the one for stores are. */
const core = 2;

test.each(['memory', 'redis', 'postgres', 'mysql', 'sqlite'])(
  'importing %s reads one file of it, those of core, and no others',
  async (folder) => {
    const files = (await loadedBy(folder)).filter((url) => !ofNode(url));
    expect(counted(files)).toEqual({ [folder]: 1, core });
  },
);

test('importing dynamodb reads one file of it, those of core, and what the SDK has', async () => {
  const files = (await loadedBy('dynamodb')).filter((url) => !ofNode(url));
  const own = files.filter((url) => !url.includes('/node_modules/'));
  expect(counted(own)).toEqual({ dynamodb: 1, core });
});

// Every process has most of these already. An import of node:util or node:crypto makes Node load all that they have.
const light = ['async_hooks', 'buffer', 'util/types', 'timers/promises'].map(
  (name) => `node:${name}`,
);

test.each(['core', 'memory', 'redis', 'postgres', 'mysql', 'sqlite'])(
  'importing %s asks Node for nothing that takes time: it is loaded when it is needed',
  async (folder) => {
    const modules = (await loadedBy(folder)).filter(ofNode);
    expect(modules.filter((name) => !light.includes(name))).toEqual([]);
  },
);

// What Node compiles before anything can start; a tenth more than when this was written. What only some need is for
// a part that is imported on demand.
test.each([
  ['core', 227_000],
  ['memory', 26_000],
  ['redis', 103_000],
  ['postgres', 113_000],
  ['dynamodb', 68_000],
  ['mysql', 30_000],
  ['sqlite', 24_000],
])('the file of %s has at most %d bytes, of ASCII', (folder, most) => {
  const file = join(root, 'packages', folder, 'dist/index.js');
  expect(statSync(file).size).toBeLessThanOrEqual(most);
  expect(readFileSync(file, 'latin1')).toMatch(/^[\0-\x7f]*$/);
});

test('what the file of core exports beyond its declarations, for its other files, has names that nobody takes for API', async () => {
  const dist = join(root, 'packages/core/dist');
  const declared = new Set(readFileSync(join(dist, 'index.d.ts'), 'utf8').match(/\w+/g));
  const names = Object.keys(await import(join(dist, 'index.js')));
  expect(names).toContain('createIdempotency');
  expect(names.filter((name) => !declared.has(name) && !/^[\w$]{1,2}$/.test(name))).toEqual([]);
});
