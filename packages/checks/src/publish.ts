// Publishes the tarballs that the package check has left: node publish.ts. With --dry-run it goes all the way but the last step.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packages, root } from './workspace.ts';

const isRehearsal = process.argv.includes('--dry-run');
const published = packages.filter(({ manifest }) => manifest.private !== true);
// Core first: nobody can install another one without it.
const inOrder = published.toSorted(
  (one, other) => Number(other.path === 'packages/core') - Number(one.path === 'packages/core'),
);

for (const { path, manifest } of inOrder) {
  const name = `${manifest.name}@${manifest.version}`;
  if (!isRehearsal && isOnRegistry(name)) {
    console.log(`${name} is published already`);
    continue;
  }
  const args = isRehearsal ? ['--dry-run', '--offline'] : [];
  const { status } = spawnSync('npm', ['publish', join(root, path, 'package.tgz'), ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) {
    // What came before it stays published, and is passed over at the next try.
    console.error(`${name} could not be published`);
    process.exit(1);
  }
}

function isOnRegistry(name: string): boolean {
  const { status } = spawnSync('npm', ['view', name, 'version'], { encoding: 'utf8' });
  return status === 0;
}
