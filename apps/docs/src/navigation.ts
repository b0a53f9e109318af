import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pages, root } from './page-list.ts';

export interface Section {
  readonly title: string;
  readonly pages: readonly Entry[];
}

interface Entry {
  readonly title: string;
  /** Path on the site, for example `packages/core.md`. */
  readonly path: string;
}

const sections: readonly Section[] = [
  section('Begin', { 'index.md': 'Twiceproof' }),
  section('Use', {
    'results.md': 'What a result may be',
    'http.md': 'Requests sent again',
  }),
  section('Operate', {
    'console.md': 'The console',
    'observing.md': 'Telemetry',
  }),
  section('Look inside', {
    'record-id.md': 'The record id',
    'contributing.md': 'Contributing',
    'security.md': 'Security',
  }),
];

function section(title: string, pages: Readonly<Record<string, string>>): Section {
  return {
    title,
    pages: Object.entries(pages).map(([path, title]) => ({ path, title })),
  };
}

const listed = new Set(sections.flatMap((each) => each.pages.map(({ path }) => path)));
const others = pages.filter(({ path }) => !listed.has(path));

/** What stands in the sidebar, in its order. A page that no section names comes last, under its heading. */
export const navigation: readonly Section[] = [
  ...sections,
  {
    title: 'Packages',
    pages: others
      .filter(({ path }) => path.startsWith('packages/'))
      .map(({ path }) => ({ title: path.slice('packages/'.length, -'.md'.length), path })),
  },
  {
    title: 'More',
    pages: others
      .filter(({ path }) => !path.startsWith('packages/'))
      .map(({ path, source }) => ({ title: headingOf(source), path })),
  },
].filter((each) => each.pages.length > 0);

function headingOf(source: string): string {
  return /^# (.+)$/m.exec(readFileSync(join(root, source), 'utf8'))?.[1] ?? source;
}
