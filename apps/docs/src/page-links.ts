import { posix } from 'node:path';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { type Page, repositoryAddress } from './page-list.ts';

const ofRepository = new RegExp(`^${repositoryAddress}/(?:blob|tree|raw)/main/([^#]+)(#.*)?$`);

/** Where a page is going to stand. */
export interface Place {
  /** The pages that stand there with it. */
  readonly pages: readonly Page[];
  /** Whether their pictures do. */
  readonly hasPictures: boolean;
}

/** The text of a page with links that lead to what stands beside it, or else to the repository. */
export function withLinksFor(text: string, { source, path }: Page, place: Place): string {
  return withLinks(text, (url) => {
    const target = targetOf(url, source);
    if (target === undefined) return url;
    const page = place.pages.find((each) => each.source === target.file);
    if (page !== undefined) return `${relativeTo(page.path, path)}${target.anchor}`;
    if (target.file.startsWith('docs/pictures/')) {
      return place.hasPictures
        ? relativeTo(posix.relative('docs', target.file), path)
        : `${repositoryAddress}/raw/main/${target.file}`;
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
