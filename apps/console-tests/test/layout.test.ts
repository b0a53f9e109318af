import { outcomeUnknown } from '@twiceproof/core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fail } from '../src/application.ts';
import { useTestBench } from '../src/test-bench.ts';

const bench = useTestBench();
const sizes = [
  { width: 400, height: 820 },
  { width: 1280, height: 800 },
  { width: 2000, height: 1100 },
];

/** Text that is harder to read than WCAG AA allows, with its contrast. */
function hardToRead(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    const rgba = (color: string): [number, number, number, number] => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data] as [number, number, number, number];
    };
    const luminance = ([r, g, b]: number[]) => {
      const [x, y, z] = [r!, g!, b!].map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * x! + 0.7152 * y! + 0.0722 * z!;
    };
    const backgroundOf = (element: Element): number[] => {
      for (let each: Element | null = element; each; each = each.parentElement) {
        const color = rgba(getComputedStyle(each).backgroundColor);
        if (color[3] === 255) return color;
      }
      return [255, 255, 255];
    };
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement!;
      const text = walker.currentNode.textContent!.trim();
      if (text === '' || !element.checkVisibility()) continue;
      const levels = [rgba(getComputedStyle(element).color), backgroundOf(element)].map(luminance);
      const contrast = (Math.max(...levels) + 0.05) / (Math.min(...levels) + 0.05);
      if (contrast < 4.5) found.push(`${contrast.toFixed(2)}: ${text}`);
    }
    return [...new Set(found)];
  });
}

/** Elements that reach out of the window. */
function outside(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // What is cut with an ellipsis, or can be scrolled, is where it should be.
    const isCut = (element: Element): boolean => {
      const { parentElement } = element;
      if (parentElement === null) return false;
      return getComputedStyle(parentElement).overflowX !== 'visible' || isCut(parentElement);
    };
    const wide = [...document.querySelectorAll('#console *')].filter((element) => {
      const { right, width } = element.getBoundingClientRect();
      const isSeen = width > 0 && element.checkVisibility() && !isCut(element);
      return isSeen && right > innerWidth + 1;
    });
    const isScrolled = document.documentElement.scrollWidth > innerWidth;
    return [
      ...(isScrolled ? ['the page'] : []),
      ...wide.map((element) => element.outerHTML.slice(0, 80)),
    ];
  });
}

/** Waits until nothing moves or fades any more. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    // One that turns for ever is no transition.
    const moving = document
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
    await Promise.allSettled(moving.map(({ finished }) => finished));
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of sizes) {
    test(`at ${viewport.width} px, ${colorScheme}, everything can be read and nothing is out of sight`, async () => {
      const application = await bench.application({
        links: { Jaeger: 'https://jaeger.example.com' },
      });
      await application.execute('charge-a-payment-with-a-rather-long-name', 'p-1');
      await application.execute('charge', `long ${'key '.repeat(60)}`, () => fail('x'.repeat(900)));
      await application.execute('charge', 'p-3', fail);
      await application.abandon('ship', 'parcel-1');
      await application.abandon('ship', 'parcel-2', { leaseMs: 600_000 });
      await application.abandon('ship', 'parcel-3', { isHeld: true });
      await application.execute('ship', 'parcel-4', () => {
        throw outcomeUnknown(new Error('no answer in 30 s'));
      });
      const operator = await bench.operator(application, { colorScheme, viewport });
      const { page, record, row, dialog, tab } = operator;
      const check = async (where: string) => {
        await settled(page);
        expect(await outside(page), where).toEqual([]);
        expect(await hardToRead(page), where).toEqual([]);
      };
      await row('parcel-1').waitFor();
      await page.getByText('Counted').waitFor({ state: 'attached' });
      await check('list');
      await page.getByRole('button', { name: 'More filters' }).click();
      await check('filters');
      await tab('Stuck').click();
      for (const action of ['Ask the probe', 'Delete', 'Release']) {
        await page.getByRole('button', { name: `${action}…` }).click();
        await dialog().waitFor();
        await check(`${action} all`);
        if (action !== 'Release') await page.keyboard.press('Escape');
        else {
          await dialog().getByLabel('Reason').fill('OPS-1');
          await dialog().getByRole('button', { name: 'Release 1 record' }).click();
          await page.getByText('Done: 1 released.').first().waitFor();
          await check('done');
          await page.getByRole('button', { name: 'Understood' }).click();
        }
      }
      await tab('All').click();
      for (const text of [
        'p-1',
        'long key',
        'p-3',
        'parcel-1',
        'parcel-2',
        'parcel-3',
        'parcel-4',
      ]) {
        await row(text).click();
        await record.locator('.title').getByText(text).waitFor();
        await record.getByText('Raw record').click();
        await check(text);
        const actions = record.getByRole('toolbar', { name: 'Actions' }).getByRole('button');
        for (let n = 0; text === 'p-3' && n < (await actions.count()); n += 1) {
          await actions.nth(n).click();
          await dialog().waitFor();
          await check(`${text}, dialog ${n}`);
          await page.keyboard.press('Escape');
        }
        if (viewport.width < 960) await page.getByRole('button', { name: 'Records' }).click();
      }
      await page.keyboard.press('?');
      await check('keys');
    });
  }
}

test('the chosen theme stays, also against the system’s', async () => {
  const application = await bench.application();
  const { page } = await bench.operator(application, { colorScheme: 'dark' });
  const background = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await background();
  await page.getByRole('button', { name: 'Use the light theme' }).click();
  const light = await background();
  expect(light).not.toBe(dark);
  await page.reload();
  await page.getByRole('button', { name: 'Use the dark theme' }).waitFor();
  expect(await background()).toBe(light);
  await page.getByRole('button', { name: 'Use the dark theme' }).click();
  expect(await background()).toBe(dark);
});
