import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { backends, closeStoresAfterwards, execute, newApplication } from './backends.ts';
import { loadedByCommand, loadedByConsole, ownFiles } from './count-files.ts';
import { importable, newFolder, removeFoldersAfterwards } from './folders.ts';

closeStoresAfterwards();
removeFoldersAfterwards();

const files = (own: Record<string, [number, number]>) =>
  Object.fromEntries(Object.entries(own).map(([name, [count]]) => [name, count]));

test.each(['--help', '--version'])(
  'with %s the program reads four files, and they are its own',
  async (option) => {
    const loaded = await loadedByCommand(option);
    expect(loaded.filter(({ url }) => url.startsWith('file:'))).toHaveLength(4);
    expect(files(ownFiles(loaded))).toEqual({ cli: 4 });
  },
);

test('what serves the console is read where it is served, and not with its help', async () => {
  expect(files(ownFiles(await loadedByCommand('console', '--help')))).toEqual({ cli: 5 });
});

/** Core's entries, what they share, and what operators do with records. */
const core = 4;

describe.each(backends)('with a store on $name', (backend) => {
  const name = backend.name.toLowerCase();

  test('a command reads core, that store, a few files of its own, and no other store', async () => {
    const { url, idempotency } = await newApplication(backend);
    const id = await execute(idempotency, 'charge', 'p-1');
    for (const command of [['list'], ['show', id, '--result']]) {
      const { cli, ...others } = ownFiles(await loadedByCommand(...command, '--store', url));
      expect(files(others)).toEqual({ core, [name]: 1 });
      // A tenth more than when this was written.
      expect(cli![0]).toBeLessThanOrEqual(10);
      expect(cli![1]).toBeLessThanOrEqual(136_000);
    }
  });

  test('the console listens before it reads what only requests need', async () => {
    const { url } = await newApplication(backend);
    const audit = join(inject('folder'), `${name}-audit.jsonl`);
    const loaded = await loadedByConsole(url, audit);
    const { cli, ...others } = ownFiles(loaded);
    expect(files(others)).toEqual({ core: core - 1, [name]: 1 });
    expect(cli![0]).toBeLessThanOrEqual(10);
    expect(cli![1]).toBeLessThanOrEqual(174_000);
  });
});

test('the console starts without what Node loads for whoever imports node:http', async () => {
  const { url } = await newApplication(backends.find(({ name }) => name === 'SQLite')!);
  const loaded = await loadedByConsole(url, join(inject('folder'), 'audit.jsonl'));
  expect(loaded.map((each) => each.url)).not.toContain('node:http');
});

test('a configuration file that imports the package does not read what serves the console', async () => {
  const cwd = newFolder({
    'twiceproof.config.mjs': `
      import { defineConfig } from '${importable('@twiceproof/cli')}';
      import { memoryStore } from '${importable('@twiceproof/memory')}';
      export default defineConfig({ store: memoryStore() });`,
  });
  const loaded = await loadedByCommand('list', '--config', join(cwd, 'twiceproof.config.mjs'));
  expect(loaded.filter(({ url }) => /serve-console|node:http/.test(url))).toEqual([]);
  expect(files(ownFiles(loaded))).toEqual({ cli: expect.any(Number), core, memory: 1 });
});
