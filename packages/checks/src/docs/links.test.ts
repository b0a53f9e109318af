import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packages, root } from '../workspace.ts';
import { faultOfLink, type Link, links, repositoryAddress } from './link.ts';

const published = packages.filter(({ manifest }) => manifest.private !== true);
const isPublished = (file: string): boolean => published.some(({ path }) => dirname(file) === path);
const pages = globSync(['*.md', 'docs/**/*.md', '{packages,apps,examples}/*/*.md'], {
  cwd: root,
  exclude: (name) => name.includes('node_modules'),
});

describe.each(pages)('%s', (file) => {
  test('has links that lead where they say', () => {
    const all = links(file, readFileSync(join(root, file), 'utf8'));
    const faults = all.flatMap((link) => {
      const fault = faultOfLink(link, isPublished(file));
      return fault === undefined ? [] : [`${file}:${link.number} ${link.url}: ${fault}`];
    });
    expect(faults).toEqual([]);
  });
});

const link = (url: string, file = 'README.md'): Link => ({ file, number: 1, url });

test.each([
  ['a file that is not there', link('docs/nothing.md'), false, 'docs/nothing.md is not there'],
  ['a heading that is not there', link('#nothing-of-the-kind'), false, 'has no heading'],
  [
    'a relative link of a page that npm shows',
    link('../../docs/observing.md', 'packages/otel/README.md'),
    true,
    'leads nowhere on npm',
  ],
  [
    'an address of the repository that is not there',
    link(`${repositoryAddress}/blob/main/docs/nothing.md`),
    true,
    'docs/nothing.md is not there',
  ],
])('finds %s', (_what, given, isShownByNpm, fault) => {
  expect(faultOfLink(given, isShownByNpm)).toContain(fault);
});
