import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packages, root } from './workspace.ts';

const published = packages.filter((each) => each.manifest.private !== true);
const core = published.find((each) => each.manifest.name === '@twiceproof/core');

test('every package is named after its folder and is under the MIT license', () => {
  for (const { path, manifest } of packages) {
    expect(manifest).toMatchObject({ name: `@twiceproof/${path.split('/')[1]}`, license: 'MIT' });
  }
});

describe.each(published)('$manifest.name', ({ path, manifest }) => {
  test('is an ES module without side effects but those of `node --import`, for the same Node as core', () => {
    const isRegistered = './register' in (manifest.exports ?? {});
    expect(manifest).toMatchObject({
      type: 'module',
      sideEffects: isRegistered ? ['./dist/register.js', './src/register.ts'] : false,
      engines: core?.manifest.engines,
      version: core?.manifest.version,
    });
  });

  test('has a readme and is checked as it will be published', () => {
    expect(existsSync(join(root, path, 'README.md')), 'README.md exists').toBe(true);
    expect(manifest.scripts).toMatchObject({
      'check:package': core?.manifest.scripts?.['check:package'],
    });
  });

  test('says where it comes from, and what to find it by', () => {
    const repository = 'https://github.com/twiceproof/twiceproof';
    expect(manifest).toMatchObject({
      homepage: `${repository}/tree/main/${path}#readme`,
      repository: { type: 'git', url: `git+${repository}.git`, directory: path },
      bugs: `${repository}/issues`,
      description: expect.stringMatching(/^[A-Z].{20,160}\.$/),
      keywords: expect.arrayContaining(['idempotency']),
      // A package with a scope is private otherwise.
      publishConfig: { access: 'public', provenance: true },
    });
  });

  test('leaves the choice of the other packages of ours to its user', () => {
    const brought = Object.keys(manifest.dependencies ?? {});
    expect(brought.filter((name) => name.startsWith('@twiceproof/'))).toEqual([]);
  });
});

// `npm pack` leaves ranges as they are, so what users install has them written out.
test('what users install names its versions', () => {
  for (const { path, manifest } of published) {
    const installed = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies });
    expect(
      installed.filter(([, range]) => /^(catalog|workspace):/.test(range)),
      path,
    ).toEqual([]);
  }
});

test('every other version is written once, in the catalog', () => {
  for (const { path, manifest } of packages) {
    const own = {
      ...(manifest.private === true && manifest.dependencies),
      ...manifest.devDependencies,
    };
    const elsewhere = Object.entries(own).filter(
      ([, range]) => !/^(catalog|workspace):/.test(range),
    );
    expect(elsewhere, path).toEqual([]);
  }
});
