import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { llmsText } from './llms-text.ts';
import { type Place, withLinksFor } from './page-links.ts';
import { type Page, pages, root } from './page-list.ts';
import { sequenceDiagram } from './sequence-diagram.ts';
import { withoutDirectives } from './without-directives.ts';

const site: Place = { pages, hasPictures: true };

/** Writes every page, as the site has it, into a folder. */
export function writePages(folder: string): void {
  for (const page of pages) write(join(folder, page.path), pageText(page));
  // For programs that read: the list of all pages, and each as it was written.
  const asWritten = join(folder, 'public');
  for (const page of pages) write(join(asWritten, page.path), plainText(page, site));
  write(join(asWritten, 'llms.txt'), llmsText());
  const pictures = join(root, 'docs/pictures');
  if (existsSync(pictures)) cpSync(pictures, join(folder, 'pictures'), { recursive: true });
}

export function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function pageText(page: Page): string {
  return plainText(page, site).replace(/```mermaid\n([\s\S]*?)```/g, (_block, diagram: string) =>
    sequenceDiagram(diagram),
  );
}

/** A page in plain Markdown, with links that work where it is going to stand. */
export function plainText(page: Page, place: Place): string {
  const text = readFileSync(join(root, page.source), 'utf8');
  return withoutDirectives(withLinksFor(text, page, place));
}
