import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './workspace.ts';

/** Nothing that asks more of a user than to keep a notice, or of whoever changes the files themselves. */
const allowed = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0'],
  // The same as Apache-2.0, as Quint writes it.
  'Apache 2.0',
  ...['BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'MPL-2.0', 'OFL-1.1', 'Python-2.0', 'CC-BY-4.0'],
]);

/** Old manifests have a list. */
function licenceOf({ license, licenses }: { license?: unknown; licenses?: { type: string }[] }) {
  return String(license ?? licenses?.map(({ type }) => type).join(' AND '));
}

/** Of `A OR B` one is enough; of `A AND B` all count. */
function isAllowed(licence: string): boolean {
  const choices = licence.replace(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((each) => allowed.has(each)));
}

test('every dependency, down to the last one, has a licence that may be used', () => {
  const installed = globSync('node_modules/.pnpm/*/node_modules/{*,@*/*}/package.json', {
    cwd: root,
  }).map((file) => JSON.parse(readFileSync(join(root, file), 'utf8')));
  expect(installed.length).toBeGreaterThan(300);
  const refused = installed
    .filter((manifest) => manifest.name !== undefined && !isAllowed(licenceOf(manifest)))
    .map((manifest) => `${manifest.name}@${manifest.version}: ${licenceOf(manifest)}`);
  expect([...new Set(refused)]).toEqual([]);
});

test.each(['GPL-3.0', 'AGPL-3.0-only', 'UNLICENSED', 'MIT AND GPL-2.0', 'undefined'])(
  '%s is none',
  (licence) => expect(isAllowed(licence)).toBe(false),
);

test.each(['MIT', '(MIT OR GPL-3.0)', 'Apache-2.0 AND MIT'])('%s is one', (licence) =>
  expect(isAllowed(licence)).toBe(true),
);
