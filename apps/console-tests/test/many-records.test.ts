import { type PostgresEngine, startPostgres } from '@twiceproof/engines';
import { Pool } from 'pg';
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Application, startApplication } from '../src/application.ts';
import { storeWithRecords } from '../src/many-records.ts';
import { useTestBench } from '../src/test-bench.ts';

const few = 10_000;
const many = Number(process.env.CONSOLE_TEST_RECORDS ?? 1_000_000);

const bench = useTestBench();
let engine: PostgresEngine;
let pool: Pool;
let small: Application;
let large: Application;

beforeAll(async () => {
  engine = await startPostgres({ version: 18, own: true });
  pool = new Pool({ connectionString: engine.url, max: 8 });
  // The server ends connections when it stops.
  pool.on('error', () => {});
  small = await startApplication({ store: await storeWithRecords(pool, 'few', few) });
  large = await startApplication({ store: await storeWithRecords(pool, 'many', many) });
}, 900_000);

afterAll(async () => {
  await small?.running.close();
  await large?.running.close();
  await pool?.end();
  await engine?.stop();
});

/** How long the server takes for a path, again and again in a signed-in page: the median. */
function answerMs(page: Page, path: string, times: number): Promise<number> {
  return page.evaluate(
    async ({ path, times }) => {
      const headers = { 'x-twiceproof-csrf': localStorage.getItem('twiceproof-csrf')! };
      const spans: number[] = [];
      for (let n = 0; n < times; n += 1) {
        const start = performance.now();
        const response = await fetch(path, { headers });
        await response.json();
        if (!response.ok) throw new Error(`${path}: ${response.status}`);
        spans.push(performance.now() - start);
      }
      return spans.sort((a, b) => a - b)[Math.floor(times / 2)]!;
    },
    { path, times },
  );
}

test(`the first page of a list takes no longer with ${many} records than with ${few}`, async () => {
  const pages = [(await bench.operator(small)).page, (await bench.operator(large)).page] as const;
  for (const page of pages) {
    await page.locator('[role=row]').first().waitFor();
    // What the page asks for by itself would be measured as well.
    await page.keyboard.press('p');
    await page.waitForLoadState('networkidle');
  }
  const ratios: string[] = [];
  for (const query of [
    'environment=prod&limit=100',
    'environment=prod&operation=op-7&limit=100',
    'idPrefix=prod%2Fop-7%2F0%2Fa&limit=100',
  ]) {
    const path = `/api/records?${query}`;
    const spans: [number[], number[]] = [[], []];
    for (let round = 0; round < 6; round += 1) {
      for (const [at, page] of pages.entries()) spans[at]!.push(await answerMs(page, path, 5));
    }
    // The least that it took: whatever else this machine does only adds to it.
    const [ofFew, ofMany] = spans.map((each) => Math.min(...each)) as [number, number];
    ratios.push(`${query}: ${ofFew.toFixed(1)} ms, ${ofMany.toFixed(1)} ms`);
    expect(ofMany / ofFew, ratios.at(-1)).toBeLessThan(2);
  }
  console.log(ratios.join('\n'));
});

test('a whole key is found without reading the others', async () => {
  const { page, row, rows } = await bench.operator(large);
  await page.getByRole('textbox', { name: 'Search by key or record id' }).fill('the known one');
  await page.keyboard.press('Enter');
  await row('the known one').waitFor();
  expect(await rows()).toHaveLength(1);
});

test('what is rare is found, with what was found so far', async () => {
  const { page, rows, tab } = await bench.operator(large);
  await tab('Stuck').click();
  await expect.poll(async () => (await rows()).length, { timeout: 60_000 }).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'All operations: ' }).first().waitFor();
});

/** Work of the browser for single steps of scrolling, in milliseconds. */
async function scrollStepsMs(page: Page, metrics: CDPSession, from: number): Promise<number[]> {
  const list = page.locator('#records');
  await list.evaluate((element, to) => element.scrollTo(0, to), from);
  const work = async () => {
    const { metrics: all } = await metrics.send('Performance.getMetrics');
    return all.find(({ name }) => name === 'TaskDuration')!.value * 1_000;
  };
  const steps: number[] = [];
  for (let step = 0; step < 5; step += 1) {
    const before = await work();
    await list.evaluate(async (element) => {
      element.scrollBy(0, 400);
      const frame = () => new Promise(requestAnimationFrame);
      await frame();
      await frame();
    });
    steps.push((await work()) - before);
  }
  return steps;
}

test('scrolling costs as little far down a long list as at its top', async () => {
  const { page, rows } = await bench.operator(large);
  const metrics = await page.context().newCDPSession(page);
  await metrics.send('Performance.enable');
  await page.locator('[role=row]').first().waitFor();
  await page.keyboard.press('p');
  const list = page.locator('#records');
  const rowCount = () =>
    list.evaluate((element) =>
      Math.round((element.firstElementChild as HTMLElement).offsetHeight / 42),
    );
  while ((await rowCount()) < 5_000) {
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await page.waitForLoadState('networkidle');
  const steps: { readonly atTop: number[]; readonly farDown: number[] } = {
    atTop: [],
    farDown: [],
  };
  // By turns, so that whatever else the machine does slows both.
  for (let round = 0; round < 5; round += 1) {
    steps.atTop.push(...(await scrollStepsMs(page, metrics, 0)));
    steps.farDown.push(...(await scrollStepsMs(page, metrics, 4_000 * 42)));
  }
  const [atTop, farDown] = [steps.atTop, steps.farDown].map(
    (each) => each.sort((a, b) => a - b)[12]!,
  ) as [number, number];
  console.log(
    `a step of scrolling: ${atTop.toFixed(1)} ms at the top, ${farDown.toFixed(1)} ms below 4,000 rows`,
  );
  expect((await rows()).length).toBeLessThan(80);
  expect(farDown / atTop).toBeLessThan(2);
});
