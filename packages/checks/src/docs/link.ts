import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { root } from '../workspace.ts';

/** Where the files of the repository are read by whoever has no clone of it. */
export const repositoryAddress = 'https://github.com/twiceproof/twiceproof';

/** A link of a page, as it stands there. */
export interface Link {
  readonly file: string;
  readonly number: number;
  readonly url: string;
}

/** The links and pictures of a Markdown page. */
export function links(file: string, text: string): Link[] {
  const found: Link[] = [];
  const walk = (node: Nodes): void => {
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      found.push({ file, number: node.position?.start.line ?? 0, url: node.url });
    }
    if ('children' in node) for (const child of node.children) walk(child);
  };
  walk(fromMarkdown(text));
  return found;
}

/** What is wrong with a link; undefined if it leads where it says, or out of the repository. */
export function faultOfLink({ file, url }: Link, isPublished: boolean): string | undefined {
  const [target = '', anchor] = url.split('#');
  const path = pathOf(file, target);
  if (path === undefined) return undefined;
  const isRelative = target !== '' && !target.startsWith(repositoryAddress);
  if (isPublished && isRelative) {
    return `leads nowhere on npm; write ${repositoryAddress}/blob/main/${path}`;
  }
  if (!existsSync(join(root, path))) return `${path} is not there`;
  if (anchor === undefined || !path.endsWith('.md')) return undefined;
  return anchorsOf(readFileSync(join(root, path), 'utf8')).has(anchor)
    ? undefined
    : `${path} has no heading #${anchor}`;
}

/** The file that a link is about; undefined if it is none of the repository. */
function pathOf(file: string, target: string): string | undefined {
  if (target === '') return file;
  const [, ours] =
    new RegExp(`^${repositoryAddress}/(?:blob|tree|raw)/main/(.+)$`).exec(target) ?? [];
  if (ours !== undefined) return ours;
  if (/^[a-z]+:/.test(target)) return undefined;
  return normalize(join(dirname(file), decodeURI(target)));
}

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.matchAll(/^#{1,6} +(.+)$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    anchors.add(
      plain
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    );
  }
  return anchors;
}
