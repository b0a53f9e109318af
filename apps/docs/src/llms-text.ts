import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { navigation } from './navigation.ts';
import { type Page, pages, root } from './page-list.ts';
import { withoutDirectives } from './without-directives.ts';

/** The list of pages for programs that read, as llmstxt.org has it: what each is about, and where. */
export function llmsText(among: readonly Page[] = pages): string {
  const sections = navigation.map(({ title, pages: listed }) => {
    const lines = listed.flatMap(({ title, path }) => {
      const page = among.find((each) => each.path === path);
      return page === undefined ? [] : [`- [${title}](${path}): ${firstSentence(page.source)}`];
    });
    return lines.length === 0 ? [] : [`## ${title}\n\n${lines.join('\n')}\n`];
  });
  return `# Twiceproof\n\n> ${firstSentence('docs/index.md')}\n\n${sections.flat().join('\n')}`;
}

/** What a page says of itself below its heading. */
function firstSentence(source: string): string {
  const text = withoutDirectives(readFileSync(join(root, source), 'utf8'));
  const [, heading = '', paragraph = heading] =
    /^# (.+)\n+(?:(?!#)([\s\S]+?)\n\n)?/.exec(text) ?? [];
  const plain = paragraph.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('\n', ' ');
  return /^.+?\.(?= |$)/.exec(plain)?.[0] ?? plain;
}
