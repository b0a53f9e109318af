import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeProblem } from './node-version.ts';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

test('the oldest Node that it runs on is the one that the manifest says', () => {
  const oldest = manifest.engines.node.replace('>=', '');
  expect(nodeProblem(`${oldest}.0`)).toBe(undefined);
  const [major, minor] = oldest.split('.').map(Number);
  expect(nodeProblem(`${major}.${minor - 1}.9`)).toBe(
    `this is Node ${major}.${minor - 1}.9, and twiceproof needs ${oldest} or newer`,
  );
});

test.each([
  ['20.20.2', false],
  ['22.9.0', false],
  ['22.21.1', true],
  ['24.0.0', true],
  ['25.1.0-nightly', true],
])('Node %s runs it: %s', (version, runs) => {
  expect(nodeProblem(version) === undefined).toBe(runs);
});
