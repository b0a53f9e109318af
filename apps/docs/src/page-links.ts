import { posix } from 'node:path';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { pages, repositoryAddress } from './page-list.ts';

const ofSource = new Map(pages.map(({ path, source }) => [source, path]));
const ofRepository = new RegExp(`^${repositoryAddress}/(?:blob|tree|raw)/main/([^#]+)(#.*)?$`);

/** The text of a page with its links leading to other pages where those are on the site, else to the repository. */
export function withSiteLinks(text: string, source: string, path: string): string {
  return withLinks(text, (url) => {
    const target = targetOf(url, source);
    if (target === undefined) return url;
    const page = ofSource.get(target.file);
    if (page !== undefined) return `${relativeTo(page, path)}${target.anchor}`;
    // Pictures are copied beside the pages.
    if (target.file.startsWith('docs/pictures/')) {
      return relativeTo(posix.relative('docs', target.file), path);
    }
    return `${repositoryAddress}/blob/main/${target.file}${target.anchor}`;
  });
}

/** The file of the repository that a link is about; undefined if it leads within its page or elsewhere. */
function targetOf(url: string, source: string): { file: string; anchor: string } | undefined {
  const [, ours, itsAnchor = ''] = ofRepository.exec(url) ?? [];
  if (ours !== undefined) return { file: ours, anchor: itsAnchor };
  if (/^([a-z]+:|#)/.test(url)) return undefined;
  const [target = '', anchor] = url.split('#');
  const file = posix.normalize(posix.join(posix.dirname(source), decodeURI(target)));
  return { file, anchor: anchor === undefined ? '' : `#${anchor}` };
}

function relativeTo(target: string, from: string): string {
  const path = posix.relative(posix.dirname(from), target);
  return path.startsWith('.') ? path : `./${path}`;
}

/** Replaces the address of every link and picture of a Markdown text. */
function withLinks(text: string, replace: (url: string) => string): string {
  const edits: { start: number; end: number; url: string }[] = [];
  const walk = (node: Nodes): void => {
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      const start = node.position?.start.offset ?? 0;
      const end = node.position?.end.offset ?? 0;
      const at = start + text.slice(start, end).lastIndexOf(node.url);
      const url = replace(node.url);
      if (url !== node.url) edits.push({ start: at, end: at + node.url.length, url });
    }
    if (node.type === 'html') {
      const start = node.position?.start.offset ?? 0;
      for (const match of node.value.matchAll(/(\bsrc=")([^"]+)"/g)) {
        const at = start + match.index + (match[1] ?? '').length;
        const [old = '', url] = [match[2], replace(match[2] ?? '')];
        edits.push({ start: at, end: at + old.length, url });
      }
    }
    if ('children' in node) for (const child of node.children) walk(child);
  };
  walk(fromMarkdown(text));
  return edits
    .sort((one, other) => other.start - one.start)
    .reduce((done, { start, end, url }) => `${done.slice(0, start)}${url}${done.slice(end)}`, text);
}
