import { readFileSync } from 'node:fs';

/** The installed version of a package, with its full name. */
export function versionOf(name: string): string {
  const entry = import.meta.resolve(name);
  const folder = entry.slice(0, entry.lastIndexOf(`/node_modules/${name}/`));
  const manifest = new URL(`${folder}/node_modules/${name}/package.json`);
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}
