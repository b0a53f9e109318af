import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedPackages, root } from './page-list.ts';

/** What users import, and the page of the reference about it. */
export interface EntryPoint {
  /** For example `@twiceproof/http/hono`. */
  readonly name: string;
  /** For example `packages/http/src/hono.ts`. */
  readonly source: string;
  /** For example `reference/http/hono.md`. */
  readonly page: string;
}

/** Every entry point of every published package, as its `exports` say; not those that only do something when loaded. */
export const entryPoints: readonly EntryPoint[] = publishedPackages().flatMap((folder) => {
  const file = join(root, 'packages', folder, 'package.json');
  const { name, exports } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  return Object.entries(exports).flatMap(([path, { types }]) => {
    if (types === undefined || path === './register') return [];
    const source = types.replace('./dist/', 'src/').replace(/\.d\.ts$/, '.ts');
    return [
      {
        name: `${name}${path.slice(1)}`,
        source: `packages/${folder}/${source}`,
        page: `reference/${folder}${path.slice(1)}.md`,
      },
    ];
  });
});

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, { readonly types?: string }>>;
}
