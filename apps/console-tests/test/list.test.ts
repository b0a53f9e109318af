import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';
import { fail } from '../src/application.ts';
import { useTestBench } from '../src/test-bench.ts';

const bench = useTestBench();

test('rows change where they are, and do not jump when records come and go', async () => {
  const application = await bench.application();
  for (let n = 0; n < 8; n += 1) await application.execute('charge', `p-${n}`);
  await application.execute('charge', 'p-8', fail);
  const { page, rows, row } = await bench.operator(application, { isHurried: true });
  await expect.poll(async () => (await rows()).length).toBe(9);
  const keys = () => page.locator('[role=row] .preview').allTextContents();
  const before = await keys();

  await application.execute('charge', 'p-new');
  await application.execute('charge', 'p-8');
  const { records } = application.idempotency;
  const [gone] = (await records.list({ text: 'p-3' })).records;
  await records.delete(gone!.id);

  await row('p-8').getByText('Completed').waitFor();
  await row('p-3').getByText('Gone').waitFor();
  const pill = page.getByRole('button', { name: '1 new: show' });
  await pill.waitFor();
  expect(await keys()).toEqual(before);
  await pill.click();
  await row('p-new').waitFor();
  expect((await keys()).sort()).toEqual([...before.filter((key) => key !== 'p-3'), 'p-new'].sort());
});

test('nobody is asked while the page is hidden or paused, and everything is asked for afterwards', async () => {
  const store = memoryStore();
  let asked = 0;
  const list: typeof store.list = (...args) => {
    asked += 1;
    return store.list(...args);
  };
  const application = await bench.application({ store: { ...store, list } });
  const id = await application.execute('charge', 'p-1', fail);
  const { page, row } = await bench.operator(application, { hasClock: true });
  await row('p-1').getByText('Failed').waitFor();
  const hide = (isHidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  const pause = () => page.keyboard.press('p');
  for (const [stop, goOn, before, after] of [
    [() => hide(true), () => hide(false), 'Failed', 'Completed'],
    [pause, pause, 'Completed', 'Released'],
  ] as const) {
    await stop();
    await page.waitForLoadState('networkidle');
    const askedBefore = asked;
    if (after === 'Completed') await application.execute('charge', 'p-1');
    else await application.idempotency.records.release(id);
    // Longer than the page ever waits between two requests.
    await page.clock.runFor(60_000);
    await page.waitForLoadState('networkidle');
    expect(asked).toBe(askedBefore);
    expect(await row('p-1').textContent()).toContain(before);
    await goOn();
    await row('p-1').getByText(after).first().waitFor();
  }
});

test('a long list is drawn in part, goes on by itself, and keeps its place', async () => {
  const application = await bench.application();
  for (let n = 0; n < 450; n += 1) await application.execute('charge', `p-${n}`);
  const { page, rows } = await bench.operator(application);
  const list = page.locator('#records');
  await expect.poll(async () => (await rows()).length).toBeGreaterThan(10);
  const end = page.getByText('That is all: 450 records.');
  await expect
    .poll(async () => {
      await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      return end.isVisible();
    })
    .toBe(true);
  expect((await rows()).length).toBeLessThan(80);
  const seen = new Set<string>();
  const height = await list.evaluate((element) => element.scrollHeight);
  for (let top = 0; top < height; top += 500) {
    await list.evaluate((element, to) => element.scrollTo(0, to), top);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await page.evaluate(() => new Promise(requestAnimationFrame));
    for (const key of await page.locator('[role=row] .preview').allTextContents()) seen.add(key);
  }
  expect(seen.size).toBe(450);
});

test('an address leads to the same records and the same record again', async () => {
  const application = await bench.application();
  await application.execute('charge', 'p-1', fail);
  await application.execute('charge', 'p-2');
  const { page, tab, row, rows, record } = await bench.operator(application);
  await tab('Failed').click();
  await row('p-1').click();
  await record.getByRole('heading', { name: 'Last error' }).waitFor();
  const address = page.url();
  await page.goto('about:blank');
  await page.goto(address);
  await record.getByRole('heading', { name: 'Last error' }).waitFor();
  await expect.poll(rows).toEqual([expect.stringContaining('p-1')]);
  await page.goBack();
});

test('filters narrow the list, and can be taken away at once', async () => {
  const application = await bench.application();
  await application.execute('charge', 'p-1');
  await application.execute('ship', 's-1');
  await application.idempotency.execute(
    { operation: 'ship', key: 's-2', scope: 'acme', run: 3 },
    () => 1,
  );
  const { page, rows } = await bench.operator(application);
  await page.getByRole('combobox', { name: 'Operation' }).selectOption('ship');
  await expect.poll(async () => (await rows()).length).toBe(2);
  await page.getByRole('button', { name: 'More filters' }).click();
  await page.getByRole('textbox', { name: 'Scope' }).fill('acme');
  await page.getByRole('textbox', { name: 'Scope' }).press('Tab');
  await expect.poll(rows).toEqual([expect.stringContaining('s-2')]);
  await page.getByRole('textbox', { name: 'Run' }).fill('4');
  await page.getByRole('textbox', { name: 'Run' }).press('Tab');
  await page.getByText('No record matches.').waitFor();
  await page.getByRole('button', { name: 'Show all records' }).click();
  await expect.poll(async () => (await rows()).length).toBe(3);
  await page.getByRole('combobox', { name: 'Started' }).selectOption('More than an hour ago');
  await page.getByText('No record matches.').waitFor();
});

test('an empty store and a store that fails say what to do', async () => {
  const empty = await bench.operator(await bench.application());
  await empty.page.getByRole('button', { name: 'Show all records' }).click();
  await empty.page.getByText('There are no records yet.').waitFor();

  const store = memoryStore();
  let isDown = true;
  const list: typeof store.list = (query) =>
    isDown ? Promise.reject(new Error('connection refused')) : store.list(query);
  const application = await bench.application({ store: { ...store, list } });
  await application.execute('charge', 'p-1');
  const { page, row } = await bench.operator(application);
  await page.getByRole('alert').getByText('connection refused').waitFor();
  isDown = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await row('p-1').waitFor();
});

test('a store that has to be read is looked through until there is a match, with what was found so far', async () => {
  const { stats: _stats, ...store } = memoryStore();
  const list: typeof store.list = (query) =>
    store.list({ ...query, limit: Math.min(query.limit, 20) });
  const application = await bench.application({ store: { ...store, list } });
  for (let n = 0; n < 400; n += 1) await application.execute('charge', `p-${n}`);
  const { page, rows } = await bench.operator(application, { path: '?text=p-39' });
  await expect.poll(async () => (await rows()).length).toBe(11);
  await page.getByText('That is all: 11 records.').waitFor();
});

test('rows say their environment where several are looked at', async () => {
  const application = await bench.application();
  await application.execute('charge', 'p-1');
  const { page, row } = await bench.operator(application);
  await row('p-1').waitFor();
  const environment = row('p-1').getByTitle('Environment');
  expect(await environment.count()).toBe(0);
  await page.getByRole('button', { name: 'More filters' }).click();
  await page.getByLabel('Environment').fill('');
  await page.getByLabel('Environment').press('Enter');
  await environment.waitFor();
  expect(await environment.textContent()).toBe('prod');
});

test('a page whose store has stopped answering does not say that it is live', async () => {
  const store = memoryStore();
  let frozen = Promise.withResolvers<void>();
  frozen.resolve();
  const list: typeof store.list = async (...args) => {
    await frozen.promise;
    return store.list(...args);
  };
  const application = await bench.application({ store: { ...store, list } });
  await application.execute('charge', 'p-1');
  const { page, row } = await bench.operator(application, { isHurried: true });
  await row('p-1').waitFor();
  await page.getByRole('button', { name: 'Live' }).waitFor();
  frozen = Promise.withResolvers();
  await page.getByRole('button', { name: 'No answer' }).waitFor();
  frozen.resolve();
  await page.getByRole('button', { name: 'Live' }).waitFor();
});

test('what was counted of a part of the records is not stated as a fact', async () => {
  const { stats: _stats, ...store } = memoryStore();
  const application = await bench.application({ store });
  for (let n = 0; n < 5_001; n += 1) await application.execute('charge', `p-${n}`);
  const { page, tab } = await bench.operator(application);
  await tab('Held').getByText('?').waitFor();
  await tab('Completed')
    .getByText(/^[\d,]+\+$/)
    .waitFor();
  await page.getByRole('button', { name: 'Count all' }).click();
  await tab('Held').getByText('0', { exact: true }).waitFor();
  await tab('Completed').getByText('5,001', { exact: true }).waitFor();
});
