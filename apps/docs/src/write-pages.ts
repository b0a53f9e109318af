import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withSiteLinks } from './page-links.ts';
import { type Page, pages, root } from './page-list.ts';
import { sequenceDiagram } from './sequence-diagram.ts';

/** Writes every page, as the site has it, into a folder that is made anew. */
export function writePages(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const page of pages) write(join(folder, page.path), pageText(page));
  const pictures = join(root, 'docs/pictures');
  if (existsSync(pictures)) cpSync(pictures, join(folder, 'pictures'), { recursive: true });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function pageText({ source, path }: Page): string {
  const text = withSiteLinks(readFileSync(join(root, source), 'utf8'), source, path);
  return withoutDirectives(text).replace(/```mermaid\n([\s\S]*?)```/g, (_block, diagram: string) =>
    sequenceDiagram(diagram),
  );
}

/** Comments are for the checks and generators, and no reader sees them. */
function withoutDirectives(text: string): string {
  return text.replace(/^<!--[\s\S]*?-->\n/gm, '');
}
