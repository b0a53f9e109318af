// Makes the site of the pages: node src/build.ts
import { join } from 'node:path';
import { build } from 'vitepress';
import { writePages } from './write-pages.ts';

export const folder: string = join(import.meta.dirname, '..');

/** Writes pages and reference, and builds the site into `dist/site`. It asks nothing of the network. */
export async function buildSite(): Promise<void> {
  writePages(join(folder, '.cache/pages'));
  await build(folder);
}

if (import.meta.main) await buildSite();
