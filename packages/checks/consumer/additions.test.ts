import { afterEach, beforeEach, expect, test } from 'vitest';
import { succeed } from '../src/command.ts';
import { packages } from '../src/workspace.ts';
import { createProject, ours, type Project, sameVersion, tarball } from './project.ts';
import { stores } from './store.ts';

// The conformance suite is left out: it loads inside a run of Vitest only.
const others = ['@twiceproof/core', '@twiceproof/testing', ...stores.map((each) => each.name)];
const additions = packages
  .map((each) => each.manifest)
  .filter((manifest) => manifest.private !== true && !others.includes(manifest.name))
  .map((manifest) => {
    const { name, exports = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
    const entries = Object.keys(exports).filter((entry) => entry !== './package.json');
    return {
      name,
      /** Core, and what else of ours it is built upon. */
      base: Object.keys(peerDependencies).filter((peer) => peer.startsWith('@twiceproof/')),
      hasRoot: entries.includes('.'),
      subpaths: entries.filter((entry) => entry !== '.').map((entry) => `${name}${entry.slice(1)}`),
      optional: Object.keys(peerDependenciesMeta),
    };
  });

let project: Project;
beforeEach(() => {
  project = createProject();
});
// What SDKs bring along takes a while to remove.
afterEach(() => project.remove(), 60_000);

test.each(additions.filter((each) => each.hasRoot))(
  '$name compiles and loads beside $base alone',
  { timeout: 300_000 },
  async ({ name, base }) => {
    await project.install(...[...base, name].map(tarball), sameVersion('@types/node'));
    expect(ours(project).sort()).toEqual([...base, name].sort());
    await compilesAndLoads(name);
  },
);

test.each(additions.filter((each) => each.subpaths.length > 0))(
  'what $name offers for others compiles and loads beside those',
  { timeout: 300_000 },
  async ({ name, base, subpaths, optional }) => {
    const others = [...optional, '@types/node'].map(sameVersion);
    await project.install(...[...base, name].map(tarball), ...others);
    await compilesAndLoads(...subpaths);
  },
);

async function compilesAndLoads(...modules: readonly string[]): Promise<void> {
  const imports = modules.map((module, index) =>
    // What is imported for what it does has nothing to give.
    module.endsWith('/register')
      ? `import '${module}';\n`
      : `import * as everything${index} from '${module}';
if (Object.keys(everything${index}).length === 0) throw new Error('${module} exports nothing');
`,
  );
  const text = imports.join('');
  expect(await project.compile({ 'module.mts': text, 'common.cts': text })).toEqual([]);
  await succeed('node', ['module.mjs'], { cwd: project.folder });
  await succeed('node', ['common.cjs'], { cwd: project.folder });
}
