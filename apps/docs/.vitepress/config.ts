import { defineConfig } from 'vitepress';
import { anchorOf } from '../src/anchor.ts';
import { navigation } from '../src/navigation.ts';
import { pages, repositoryAddress } from '../src/page-list.ts';

const sources = new Map(pages.map(({ path, source }) => [path, source]));

// Two checks, the second of which stands on the first.
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#2a8ba1" stroke-width="5"><path d="M3 17l7 7L22 8M13 22l2 2L29 8"/></svg>';

export default defineConfig({
  title: 'Twiceproof',
  description: 'Make any TypeScript function safe to call twice.',
  lang: 'en',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  srcDir: '.cache/pages',
  // Given out as they are, beside the pages that are made of them.
  srcExclude: ['public/**'],
  outDir: 'dist/site',
  cacheDir: '.cache/vitepress',
  // Where the site stands on its server, for example /twiceproof/.
  base: (process.env.DOCS_BASE ?? '/') as '/',
  markdown: {
    anchor: { slugify: anchorOf },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  // A reader's first page is small; what it links to is fetched when it is asked for.
  router: { prefetchLinks: false },
  // The index of the search is one file, fetched when somebody searches.
  vite: { logLevel: 'warn', build: { chunkSizeWarningLimit: 2_000 } },
  // The link for corrections leads to the file that the page was made of.
  transformPageData: ({ relativePath }) => ({ filePath: sources.get(relativePath) ?? '' }),
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: navigation.map(({ title, pages: listed }) => ({
      text: title,
      // What is looked up rather than read is folded.
      collapsed: ['Packages', 'Reference'].includes(title),
      items: listed.map(({ title, path }) => ({
        text: title,
        link: `/${path.replace(/\.md$/, '')}`,
      })),
    })),
    nav: [
      { text: 'Five minutes', link: '/five-minutes' },
      { text: 'Errors', link: '/errors' },
      { text: 'Options', link: '/packages/core#options' },
    ],
    socialLinks: [{ icon: 'github', link: repositoryAddress }],
    editLink: {
      text: 'Correct this page',
      pattern: `${repositoryAddress}/edit/main/:path`,
    },
  },
});
