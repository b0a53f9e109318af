import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly packageManager?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

export interface WorkspacePackage {
  /** Path from the root of the repository, for example `packages/core`. */
  readonly path: string;
  readonly manifest: Manifest;
}

export const root: string = resolve(import.meta.dirname, '../../..');

export const rootManifest: Manifest = readManifest('.');

export const packages: readonly WorkspacePackage[] = ['packages', 'apps', 'examples']
  .flatMap((group) => readdirSync(join(root, group)).map((folder) => `${group}/${folder}`))
  .filter((path) => existsSync(join(root, path, 'package.json')))
  .map((path) => ({ path, manifest: readManifest(path) }));

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
}
