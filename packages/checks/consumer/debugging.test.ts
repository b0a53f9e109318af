import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeed } from '../src/command.ts';
import { packages } from '../src/workspace.ts';
import { tarball } from './project.ts';

const published = packages.map(({ manifest }) => manifest).filter((each) => each.private !== true);

/** Where the tarballs of all packages are unpacked, as an installation leaves them. */
let folder: string;
const placeOf = (name: string) => join(folder, 'node_modules', name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twiceproof-debugging-'));
  for (const { name } of published) {
    mkdirSync(placeOf(name), { recursive: true });
    await succeed('tar', ['-xzf', tarball(name), '--strip-components=1', '-C', placeOf(name)]);
  }
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

/** The map that a file names, and where its sources would be. */
function mapOf(file: string): { sources: readonly string[]; isThere(at: number): boolean } {
  const [, name] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(readFileSync(file, 'utf8')) ?? [];
  if (name === undefined) throw new Error(`${file} names no source map`);
  const map = join(dirname(file), name);
  const { sources, sourcesContent }: SourceMap = JSON.parse(readFileSync(map, 'utf8'));
  const paths = sources.map((source) => resolve(dirname(map), source));
  return { sources: paths, isThere: (at) => !!sourcesContent?.[at] || existsSync(paths[at]!) };
}

/** What is nothing but names of other files has nothing to step through. */
const isList = (file: string) =>
  !/^(?!(import|export) \{[^}]*\}( from "[^"]*")?;$|$)/m.test(readFileSync(file, 'utf8'));

describe.each(published)('in the tarball of $name', ({ name }) => {
  const filesOf = (pattern: string) =>
    globSync(pattern, { cwd: placeOf(name), exclude: ['**/dist/page/**'] }).map((file) =>
      join(placeOf(name), file),
    );

  test('every file has a source map that leads to TypeScript, which is beside it or in the map', () => {
    const files = filesOf('dist/**/*.js').filter((file) => !isList(file));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const { sources, isThere } = mapOf(file);
      expect(
        sources.filter((_, at) => !isThere(at)),
        file,
      ).toEqual([]);
      // What is brought along of others is as they wrote it.
      const ours = sources.filter((source) => !source.includes('/.pnpm/'));
      expect(ours.length, file).toBeGreaterThan(0);
      expect(
        ours.filter((source) => !/\/src\/.*\.ts$/.test(source)),
        file,
      ).toEqual([]);
      const own = ours.filter((source) => source.startsWith(`${placeOf(name)}/`));
      expect(
        own.filter((source) => !existsSync(source)),
        file,
      ).toEqual([]);
    }
  });

  test('every declaration leads to its source', () => {
    const files = filesOf('dist/**/*.d.ts');
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const { sources, isThere } = mapOf(file);
      expect(sources.length, file).toBe(1);
      expect(isThere(0), file).toBe(true);
    }
  });
});

/** Throws inside of core, and inside of what a store has of another package; prints the stacks. */
const throwing = `
const { createIdempotency } = await import('@twiceproof/core');
const { memoryStore } = await import('@twiceproof/memory');
const { sqliteStore } = await import('@twiceproof/sqlite');
const { wrap } = createIdempotency({ environment: 'test', store: memoryStore() });
const charge = wrap(async (order) => order, { operation: 'charge', key: (order) => order.id });
const stackOf = (act) => act().then(() => 'nothing thrown', ({ stack }) => stack);
const file = sqliteStore({ path: 'records.db' });
console.log(JSON.stringify({
  call: await stackOf(() => charge({ id: null })),
  options: await stackOf(async () => wrap(charge, { operation: 1 })),
  store: await stackOf(() => file.list({ limit: -1 })),
}));
`;

test('with --enable-source-maps, stack traces lead through lines of readable source', async () => {
  const run = ['--enable-source-maps', '--no-warnings', '--input-type=module', '--eval', throwing];
  const stacks: Record<string, string> = JSON.parse(await succeed('node', run, { cwd: folder }));
  // What a package has of a private one is in its map only.
  expect(stacks.store).toMatch(/\/record-logic\/src\/page\.ts:\d+/);
  const frames = Object.values(stacks).flatMap((stack) =>
    stack.split('\n').filter((line) => /node_modules\/@twiceproof\//.test(line)),
  );
  expect(frames.length).toBeGreaterThan(5);
  for (const frame of frames) {
    const [, file, line] = /(\/[^:()]+\/src\/[\w/-]+\.ts):(\d+):\d+/.exec(frame) ?? [];
    expect(file, frame).toBeDefined();
    if (!existsSync(file!)) continue;
    expect(readFileSync(file!, 'utf8').split('\n')[Number(line) - 1], frame).toMatch(/\w+\(/);
  }
});
