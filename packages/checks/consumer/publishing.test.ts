import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command } from '../src/command.ts';
import { packages, root } from '../src/workspace.ts';

const published = packages.filter(({ manifest }) => manifest.private !== true);

/** Kilobytes of a tarball that need a reason to be more. */
const limits: Readonly<Record<string, number>> = {
  '@twiceproof/cli': 650,
  '@twiceproof/core': 620,
  '@twiceproof/http': 210,
  '@twiceproof/postgres': 290,
  '@twiceproof/redis': 210,
  '@twiceproof/testing': 310,
};
const limitOfOthers = 160;

test('npm would publish every package as it is packed', { timeout: 300_000 }, async () => {
  const program = join(root, 'packages/checks/src/publish.ts');
  const { code, output } = await command('node', [program, '--dry-run']);
  expect(code, output).toBe(0);
  for (const { manifest } of published) {
    expect(output).toContain(`+ ${manifest.name}@${manifest.version}`);
  }
  expect(output).not.toMatch(/npm warn publish (?!This command requires you to be logged in)/);
});

test('no tarball has grown beyond its limit', () => {
  const sizes = published.map(({ path, manifest }) => {
    const file = join(root, path, 'package.tgz');
    const size = existsSync(file) ? Math.ceil(statSync(file).size / 1_000) : undefined;
    return { name: manifest.name, size, limit: limits[manifest.name] ?? limitOfOthers };
  });
  for (const { name, size, limit } of sizes) console.log(`${name}: ${size} of ${limit} KB`);
  expect(sizes.filter(({ size, limit }) => size === undefined || size > limit)).toEqual([]);
});
