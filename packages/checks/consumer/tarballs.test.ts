import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeed } from '../src/command.ts';
import { lowestNode, lowestVersion } from './lowest-node.ts';
import { program } from './program.ts';
import { createProject, ours, type Project, sameVersion, tarball } from './project.ts';
import { type ConsumedStore, stores } from './store.ts';

const minutes = 60_000;

describe.each(stores)('core and $name, installed alone', (store) => {
  let project: Project;
  let engine: Awaited<ReturnType<NonNullable<ConsumedStore['startEngine']>>> | undefined;
  let complaints: string[];

  beforeAll(async () => {
    project = createProject();
    const tarballs = ['@twiceproof/core', store.name].map(tarball);
    await project.install(...tarballs, ...[...store.drivers, '@types/node'].map(sameVersion));
    const text = program(store);
    complaints = await project.compile({ 'module.mts': text, 'common.cts': text });
    engine = await store.startEngine?.();
  }, 5 * minutes);

  afterAll(async () => {
    await engine?.stop();
    project.remove();
  });

  const run = (node: string, file: string) =>
    succeed(node, [file, engine?.url ?? ''], { cwd: project.folder });

  test('bring no other package of ours along', () => {
    expect(ours(project).sort()).toEqual(['@twiceproof/core', store.name]);
  });

  test.each(['@twiceproof/core', store.name])(
    '%s has its license, its readme, no tests, and ranges that npm knows',
    (name) => {
      const folder = join(project.folder, 'node_modules', name);
      expect(readdirSync(folder)).toEqual(expect.arrayContaining(['LICENSE', 'README.md']));
      expect(globSync('**/*.{test,test-d}.*', { cwd: folder })).toEqual([]);
      expect(readFileSync(join(folder, 'package.json'), 'utf8')).not.toMatch(
        /"(workspace|catalog):/,
      );
    },
  );

  test('compile under module nodenext, as an ES module and as CommonJS', () => {
    expect(complaints).toEqual([]);
  });

  test('replay from an ES module', { timeout: 5 * minutes }, () => run('node', 'module.mjs'));

  test('replay from CommonJS', { timeout: 5 * minutes }, () => run('node', 'common.cjs'));

  test(`replay on Node ${lowestVersion}`, { timeout: 5 * minutes }, async () => {
    const node = await lowestNode();
    await run(node, 'module.mjs');
    await run(node, 'common.cjs');
  });
});
