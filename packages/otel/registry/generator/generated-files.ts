import { join } from 'node:path';
import { namesFile } from './names-file.ts';
import { readRegistry } from './read-registry.ts';
import { withTables } from './tables.ts';

const inPackage = (path: string): string => join(import.meta.dirname, '../..', path);

/** Every file that is made from the registry, as it should be. */
export function generatedFiles(
  read: (path: string) => string,
): readonly { readonly path: string; readonly text: string }[] {
  const registry = readRegistry();
  const readme = inPackage('README.md');
  return [
    { path: inPackage('src/names.ts'), text: namesFile(registry) },
    { path: readme, text: withTables(read(readme), registry) },
  ];
}
