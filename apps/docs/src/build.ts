// Makes the site of the pages: node src/build.ts
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vitepress';
import { writePages } from './write-pages.ts';
import { writeReference } from './write-reference.ts';

export const folder: string = join(import.meta.dirname, '..');

/** Writes pages and reference, and builds the site into `dist/site`. It asks nothing of the network. */
export async function buildSite(): Promise<void> {
  const cache = join(folder, '.cache');
  const pages = join(cache, 'pages');
  rmSync(pages, { recursive: true, force: true });
  await writeReference(pages, cache);
  writePages(pages);
  await build(folder);
}

if (import.meta.main) await buildSite();
