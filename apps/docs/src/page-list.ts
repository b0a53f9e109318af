import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';

export const root: string = resolve(import.meta.dirname, '../../..');

/** Where the files of the repository are read by whoever has no clone of it. */
export const repositoryAddress = 'https://github.com/twiceproof/twiceproof';

/** A page of the site, and the file of the repository that it is made of. */
export interface Page {
  /** Path on the site, for example `packages/core.md`. */
  readonly path: string;
  /** Path from the root of the repository, for example `packages/core/README.md`. */
  readonly source: string;
}

/** Every page that people have written: docs/, the readmes of the published packages, and a few of the root. */
export const pages: readonly Page[] = [
  ...globSync('docs/**/*.md', { cwd: root })
    .sort()
    .map((source) => ({ path: posix.relative('docs', source), source })),
  ...publishedPackages().map((name) => ({
    path: `packages/${name}.md`,
    source: `packages/${name}/README.md`,
  })),
  { path: 'contributing.md', source: 'CONTRIBUTING.md' },
  { path: 'security.md', source: 'SECURITY.md' },
];

/** Folder names of the packages that users install. */
export function publishedPackages(): string[] {
  return readdirSync(join(root, 'packages')).filter((name) => {
    const manifest = join(root, 'packages', name, 'package.json');
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).private !== true;
  });
}
