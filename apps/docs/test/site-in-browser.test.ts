import { launchChromium } from '@twiceproof/engines/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { navigation } from '../src/navigation.ts';
import { type Served, serveSite } from './serve-site.ts';

const all = navigation.flatMap((section) =>
  section.pages.map(({ path }) => path.replace('.md', '.html')),
);
// One page of the reference is like the other.
const paths = all.filter((path) => !/^reference\/(?!core)/.test(path));

let browser: Browser;
let served: Served;
beforeAll(async () => {
  served = await serveSite();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  served?.close();
});

interface Visit {
  readonly page: Page;
  /** Errors of scripts, and requests that fail or go elsewhere. */
  readonly complaints: string[];
}

interface Reader {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly javaScriptEnabled?: boolean;
}

async function visit({ width = 1280, ...reader }: Reader = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...reader });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (said) => {
    if (said.type() === 'error') complaints.push(said.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(served.url) && !url.startsWith('data:')) complaints.push(`asks ${url}`);
  });
  return { page, complaints };
}

test('the first page is less than 150 KB, and asks nobody else for anything', async () => {
  const { page, complaints } = await visit();
  const before = served.transferred();
  await page.goto(served.url, { waitUntil: 'networkidle' });
  expect(served.transferred() - before).toBeLessThan(150_000);
  expect(complaints).toEqual([]);
  await page.context().close();
});

// As they are served, before any script has run, which is also much quicker to look at.
test('no page is wider than its window, from a phone to a large screen', async () => {
  const { page, complaints } = await visit({ javaScriptEnabled: false });
  const wide: string[] = [];
  for (const path of paths) {
    await page.goto(`${served.url}${path}`);
    // What is too wide is so on a phone; the pages with the widest tables are looked at in every size.
    const widths = /stores|core|http|comparisons/.test(path) ? [400, 768, 1280, 2000] : [400];
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      const own = await page.evaluate(() => document.documentElement.scrollWidth);
      if (own > width) wide.push(`${path} at ${width}: ${own}`);
    }
  }
  expect(wide).toEqual([]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('the search finds a page by a word in it', async () => {
  const { page, complaints } = await visit();
  await page.goto(served.url, { waitUntil: 'networkidle' });
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('searchbox').fill('msgpack');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/results/);
  await page.getByRole('heading', { name: 'Recorded results' }).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('the page is dark where the reader wants it dark', async () => {
  const background = async (scheme: 'light' | 'dark') => {
    const { page } = await visit({ colorScheme: scheme });
    await page.goto(served.url);
    const color = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.context().close();
    return color;
  };
  expect(await background('light')).toBe('rgb(255, 254, 252)');
  expect(await background('dark')).toBe('rgb(30, 29, 26)');
});
