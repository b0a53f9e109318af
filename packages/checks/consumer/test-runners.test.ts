import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command } from '../src/command.ts';
import { root } from '../src/workspace.ts';
import { createProject, type Project, sameVersion, tarball } from './project.ts';

const minutes = 60_000;

// Not among the dependencies of the workspace: nothing of ours runs on Jest.
const jest = ['jest@30.5.2', '@swc/jest@0.2.39'];

/** A handler that is safe, one that is not, and what else a user's suite does. */
const body = `
const handlers = {
  safe({ idempotency, effect }) {
    const charge = effect('charge', async (id) => 'receipt of ' + id);
    return idempotency.wrap((order) => charge(order.id), { operation: 'charge', key: ({ id }) => id });
  },
  unsafe({ effect }) {
    const charge = effect('charge', async (id) => 'receipt of ' + id);
    return (order) => charge(order.id);
  },
};
for (const [name, start] of Object.entries(handlers)) {
  test(name + ' handler', async () => {
    await deliverTwice(start, { id: 'o-1' });
    await deliverAtOnce(5, start, { id: 'o-1' });
    await crashAt('charge', start, { id: 'o-1' }, { when: 'before' });
  });
}
test('replays', async () => {
  const { wrap } = createIdempotency({ environment: 'test', store: memoryStore() });
  let works = 0;
  const work = async (id) => ({ id, at: new Date(0), tags: new Map([[++works, new Set(['a'])]]) });
  const once = wrap(work, { operation: 'work', key: (id) => ({ id, on: new Date(1) }) });
  assert.deepEqual(await once('a'), await once('a'));
  assert.equal(works, 1);
});
`;

const imports = `import assert from 'node:assert/strict';
import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { crashAt, deliverAtOnce, deliverTwice } from '@twiceproof/testing';
`;
const requires = imports.replaceAll(/import (.*) from (.*);/g, 'const $1 = require($2);');

const conformance = `import { describeStore } from '@twiceproof/testing';
describeStore(
  'memory',
  async () => {
    const store = memoryStore();
    return { stores: [store, store], dispose: async () => {} };
  },
  { without: ['setup', 'close', 'damage'], hasStats: true, contention: { rounds: 1, claims: 2 } },
);
`;

const files = {
  'handlers.spec.js': `${requires}${body}`,
  'handlers.test.mjs': `import { test } from 'node:test';\n${imports}${body}`,
  'handlers.vitest.test.mjs': `import { test } from 'vitest';\n${imports}${conformance}${body}`,
};

/** The configuration that the page of core tells. */
const [, config = ''] =
  /<!-- jest -->\n```js\n(.*?)```/s.exec(
    readFileSync(join(root, 'packages/core/README.md'), 'utf8'),
  ) ?? [];

let project: Project;
beforeAll(async () => {
  project = createProject();
  const ours = ['core', 'memory', 'testing'].map((name) => tarball(`@twiceproof/${name}`));
  await project.install(...ours, ...jest, sameVersion('@swc/core'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project.folder, name), text);
}, 5 * minutes);
afterAll(() => project.remove(), minutes);

/** Without the packages of the workspace, where this test was started from. */
const outside = () => ({
  cwd: project.folder,
  env: { ...process.env, NODE_PATH: '', NO_COLOR: '1' },
});

/** Runs a suite of which the unsafe handler's test has to fail, with its report, and no other. */
async function findsTheUnsafe(passed: RegExp, ...args: readonly string[]): Promise<void> {
  const { code, output } = await command('node', args, outside());
  expect(code, output).not.toBe(0);
  expect(output).toMatch(passed);
  expect(output).toContain("Not safe to call twice: 'charge' happened more than once");
  expect(output).toContain("charge('o-1')   <-- again");
}

const jestSays = /Tests:\s+1 failed, 2 passed, 3 total/;

test(
  'Jest loads the packages into CommonJS tests with --experimental-vm-modules, and needs no Vitest',
  async () => {
    expect(existsSync(join(project.folder, 'node_modules/vitest'))).toBe(false);
    const program = 'node_modules/jest/bin/jest.js';
    await findsTheUnsafe(jestSays, '--experimental-vm-modules', program, 'handlers.spec.js');
  },
  minutes,
);

test(
  'and without it, with the configuration of the page of core',
  async () => {
    expect(config).toContain('transformIgnorePatterns');
    writeFileSync(join(project.folder, 'jest.config.js'), config);
    await findsTheUnsafe(jestSays, 'node_modules/jest/bin/jest.js', 'handlers.spec.js');
  },
  minutes,
);

test('suites that are registered with Vitest say so where it is not installed', async () => {
  const text = `import { describeStore } from '@twiceproof/testing';\ndescribeStore('mine', async () => {});`;
  writeFileSync(join(project.folder, 'store.mjs'), text);
  const { output } = await command('node', ['store.mjs'], outside());
  expect(output).toContain('npm install --save-dev vitest');
});

test(
  'node:test finds the handler that is not safe',
  () => findsTheUnsafe(/pass 2\n.*fail 1\n/, '--test', 'handlers.test.mjs'),
  minutes,
);

test(
  'Vitest finds it as well, and runs the suite for stores',
  async () => {
    await project.install(sameVersion('vitest'));
    const program = 'node_modules/vitest/vitest.mjs';
    const only = ['run', 'handlers.vitest'];
    await findsTheUnsafe(/Tests\s+1 failed \| \d{3} passed/, program, ...only);
  },
  2 * minutes,
);
