// Writes the guide into a folder, to be packed with a package: node write-package-docs.ts <folder>
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { llmsText } from './llms-text.ts';
import { pages } from './page-list.ts';
import { plainText, write } from './write-pages.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder to write into');

// The readmes stand in the other packages, and on npm.
const guide = pages.filter(({ source }) => source.startsWith('docs/'));
rmSync(folder, { recursive: true, force: true });
for (const page of guide) {
  write(join(folder, page.path), plainText(page, { pages: guide, hasPictures: false }));
}
write(join(folder, 'llms.txt'), llmsText(guide));
