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

async function loadedBy(folder: string, entry = 'index'): Promise<string[]> {
  const file = join(root, 'packages', folder, 'dist', `${entry}.js`);
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

test('importing core reads its entry, what that shares with the one for stores, and no namespace of Node', async () => {
  expect(counted(await loadedBy('core'))).toEqual({ core: 2 });
});

/** What core's entry and the one for stores are, and what both of them share. */
const core = 3;

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

test.each([
  ...['core', 'memory', 'redis', 'postgres', 'mysql', 'sqlite', 'jmespath', 'messaging', 'lambda'],
  'agents/mcp',
])(
  'importing %s asks Node for nothing that takes time: it is loaded when it is needed',
  async (path) => {
    const [folder, entry] = path.split('/') as [string, string?];
    const modules = (await loadedBy(folder, entry && `${entry}/index`)).filter(ofNode);
    expect(modules.filter((name) => !light.includes(name))).toEqual([]);
  },
);

test.each(['node', 'express', 'fastify'])(
  'importing http/%s does not import node:http, with which Node loads its fetch',
  async (entry) => {
    expect(await loadedBy('http', entry)).not.toContain('node:http');
  },
);

// What Node compiles before anything can start; a tenth more than when this was written. What only some need is for
// a part that is imported on demand.
test.each([
  ['core/dist/core.part.js', 239_500],
  ['core/dist/index.js', 1_000],
  ['memory/dist/index.js', 20_500],
  ['redis/dist/index.js', 81_500],
  ['postgres/dist/index.js', 93_500],
  ['dynamodb/dist/index.js', 53_000],
  ['mysql/dist/index.js', 23_500],
  ['sqlite/dist/index.js', 18_500],
])('%s has at most %d bytes, of ASCII', (file, most) => {
  const path = join(root, 'packages', file);
  expect(statSync(path).size).toBeLessThanOrEqual(most);
  expect(readFileSync(path, 'latin1')).toMatch(/^[\0-\x7f]*$/);
});

test('core exports what its declarations say, and nothing else', async () => {
  const dist = join(root, 'packages/core/dist');
  const declared = new Set(readFileSync(join(dist, 'index.d.ts'), 'utf8').match(/\w+/g));
  const names = Object.keys(await import(join(dist, 'index.js')));
  expect(names).toContain('createIdempotency');
  expect(names.filter((name) => !declared.has(name))).toEqual([]);
});
