import { afterEach, beforeEach, expect, test } from 'vitest';
import { succeed } from '../src/command.ts';
import { packages } from '../src/workspace.ts';
import { createProject, ours, type Project, sameVersion, tarball } from './project.ts';
import { stores } from './store.ts';

// The conformance suite is left out: it loads inside a run of Vitest only.
const others = ['@twiceproof/core', '@twiceproof/testing', ...stores.map((each) => each.name)];
const additions = packages
  .filter((each) => each.manifest.private !== true)
  .map((each) => each.manifest.name)
  .filter((name) => !others.includes(name));

let project: Project;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

test.each(additions)(
  '%s compiles and loads beside core alone',
  { timeout: 300_000 },
  async (name) => {
    await project.install(tarball('@twiceproof/core'), tarball(name), sameVersion('@types/node'));
    expect(ours(project).sort()).toEqual(['@twiceproof/core', name].sort());

    const text = `import * as everything from '${name}';
if (Object.keys(everything).length === 0) throw new Error('nothing is exported');
`;
    expect(await project.compile({ 'module.mts': text, 'common.cts': text })).toEqual([]);
    await succeed('node', ['module.mjs'], { cwd: project.folder });
    await succeed('node', ['common.cjs'], { cwd: project.folder });
  },
);
