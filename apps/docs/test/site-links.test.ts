import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { entryPoints } from '../src/entry-points.ts';
import { navigation } from '../src/navigation.ts';
import { pages, repositoryAddress, root } from '../src/page-list.ts';
import { builtPages, site } from './built-site.ts';

const built = builtPages();
const listed = navigation.flatMap((section) => section.pages.map(({ path }) => path));
const written = [...pages.map(({ path }) => path), ...entryPoints.map(({ page }) => page)];

test('every page stands in the sidebar once, and nothing else does', () => {
  expect(listed.toSorted()).toEqual(written.toSorted());
});

test('every page is built', () => {
  const paths = built.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(listed.map((path) => path.replace('.md', '.html'))));
});

test.for(built)('links of $path lead to pages, headings and files that are there', (page) => {
  const urls = [...page.html.matchAll(/\b(?:href|src)="([^"]+)"/g)].map(([, url]) => url ?? '');
  const faults = new Set(urls.map((url) => faultOf(page.path, url.replaceAll('&amp;', '&'))));
  faults.delete(undefined);
  expect([...faults]).toEqual([]);
});

test('a heading has the anchor that GitHub gives it', () => {
  const results = built.find(({ path }) => path === 'results.html');
  const text = readFileSync(join(root, 'docs/results.md'), 'utf8');
  expect(text).toContain('## What comes back');
  expect(results?.anchors).toContain('what-comes-back');
});

/** What is wrong with an address of the site or of the repository; undefined for all others. */
function faultOf(from: string, url: string): string | undefined {
  const [, ours] = new RegExp(`^${repositoryAddress}/blob/main/([^#]+)`).exec(url) ?? [];
  if (ours !== undefined) return existsSync(join(root, ours)) ? undefined : `${url} is not there`;
  if (/^[a-z]+:/.test(url)) return undefined;
  const [target = '', anchor] = url.split('#');
  const path = posix.normalize(
    target === ''
      ? from
      : target.startsWith('/')
        ? target.slice(1) || 'index.html'
        : posix.join(posix.dirname(from), target),
  );
  const file = path.endsWith('/') || path === '.' ? posix.join(path, 'index.html') : path;
  if (!existsSync(join(site, file))) return `${url} leads to ${file}, which is not there`;
  const page = built.find((each) => each.path === file);
  if (anchor === undefined || page === undefined || page.anchors.has(decodeURIComponent(anchor))) {
    return undefined;
  }
  return `${url} leads to a heading that ${file} lacks`;
}
