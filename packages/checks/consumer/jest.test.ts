import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { succeed } from '../src/command.ts';
import { root } from '../src/workspace.ts';
import { createProject, type Project, sameVersion, tarball } from './project.ts';

const minutes = 60_000;

// Not among the dependencies of the workspace: nothing of ours runs on Jest.
const jest = ['jest@30.5.2', '@swc/jest@0.2.39'];

const suite = `const { createIdempotency } = require('@twiceproof/core');
const { memoryStore } = require('@twiceproof/memory');

test('replays', async () => {
  const { wrap } = createIdempotency({ environment: 'jest', store: memoryStore() });
  const work = jest.fn(async (id) => ({ id, at: new Date(0), tags: new Map([[1, new Set(['a'])]]) }));
  const once = wrap(work, { operation: 'work', key: (id) => ({ id, on: new Date(1) }) });
  const first = await once('a');
  expect(await once('a')).toEqual(first);
  expect(work).toHaveBeenCalledTimes(1);
});
`;

/** The configuration that the page of core tells. */
const [, config = ''] =
  /<!-- jest -->\n```js\n(.*?)```/s.exec(
    readFileSync(join(root, 'packages/core/README.md'), 'utf8'),
  ) ?? [];

let project: Project;
beforeAll(async () => {
  project = createProject();
  const ours = ['@twiceproof/core', '@twiceproof/memory'].map(tarball);
  await project.install(...ours, ...jest, sameVersion('@swc/core'));
  writeFileSync(join(project.folder, 'work.test.js'), suite);
}, 5 * minutes);
afterAll(() => project.remove());

const runJest = (...args: readonly string[]): Promise<string> =>
  succeed('node', [...args, 'node_modules/jest/bin/jest.js'], { cwd: project.folder });

test(
  'Jest loads the packages into CommonJS tests with --experimental-vm-modules',
  async () => {
    expect(await runJest('--experimental-vm-modules')).toContain('1 passed');
  },
  minutes,
);

test(
  'and without it, with the configuration of the page of core',
  async () => {
    expect(config).toContain('transformIgnorePatterns');
    writeFileSync(join(project.folder, 'jest.config.js'), config);
    expect(await runJest()).toContain('1 passed');
  },
  minutes,
);
