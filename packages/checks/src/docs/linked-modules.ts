import { existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packages, root, rootManifest } from '../workspace.ts';

/**
 * Fills `node_modules` of a folder with every package of the workspace and all that they depend on,
 * so that an example can import what its readers are told to install.
 */
export function linkModules(folder: string): void {
  for (const { path, manifest } of [...packages, { path: '.', manifest: rootManifest }]) {
    if (path !== '.') link(folder, manifest.name, join(root, path));
    const dependencies = {
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
      ...manifest.peerDependencies,
    };
    for (const name of Object.keys(dependencies)) {
      link(folder, name, join(root, path, 'node_modules', name));
    }
  }
}

function link(folder: string, name: string, target: string): void {
  const from = join(folder, 'node_modules', name);
  if (existsSync(from) || !existsSync(target)) return;
  mkdirSync(dirname(from), { recursive: true });
  symlinkSync(realpathSync(target), from);
}
