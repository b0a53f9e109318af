import { expect, test } from 'vitest';
import { fail } from '../src/application.ts';
import { useTestBench } from '../src/test-bench.ts';

const bench = useTestBench();

test('a failed record is found, read and released with the keyboard alone', async () => {
  const application = await bench.application();
  for (let n = 0; n < 4; n += 1) await application.execute('charge', `p-${n}`);
  await application.execute('charge', 'p-7', fail);
  const { page, record, dialog } = await bench.operator(application);
  const { keyboard } = page;
  const focused = () => page.evaluate(() => document.activeElement?.id);

  await keyboard.press('/');
  expect(await focused()).toBe('search');
  await keyboard.type('p-7');
  await keyboard.press('Enter');
  await page.getByText('Keys that are or contain').waitFor();
  await page.keyboard.press('Tab');
  await keyboard.press('j');
  await expect.poll(focused).toBe('records');
  await keyboard.press('Enter');
  await record.getByRole('heading', { name: 'Last error' }).waitFor();

  const release = record.getByRole('button', { name: 'Release' });
  for (
    let n = 0;
    n < 20 && !(await release.evaluate((el) => el === document.activeElement));
    n += 1
  ) {
    await keyboard.press('Tab');
  }
  const outline = await release.evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(outline, 'the focus can be seen').toBe('solid');
  await keyboard.press('Enter');
  await dialog().waitFor();
  await keyboard.type('why not');
  for (let n = 0; n < 12; n += 1) {
    await keyboard.press('Tab');
    const where = await page.evaluate(() => {
      const { activeElement } = document;
      // Between the last element and the first one the focus is the browser's own.
      return activeElement === document.body || activeElement?.closest('dialog') !== null;
    });
    expect(where, 'the dialog keeps the focus').toBe(true);
  }
  await dialog().getByLabel('Reason').focus();
  await keyboard.press('Enter');
  await dialog().waitFor({ state: 'detached' });
  expect(application.audited.at(-1)).toMatchObject({ action: 'release', reason: 'why not' });
  await keyboard.press('Escape');
  await record.waitFor({ state: 'detached' });
  await expect.poll(focused).toBe('records');
});

test('j and k walk through the records, and an open record follows', async () => {
  const application = await bench.application();
  for (let n = 0; n < 30; n += 1) await application.execute('charge', `p-${n}`);
  const { page, record } = await bench.operator(application);
  const { keyboard } = page;
  await page.locator('[role=row]').first().waitFor();
  const keys = await page.locator('[role=row] .preview').allTextContents();
  await keyboard.press('j');
  await keyboard.press('Enter');
  await record.locator('.title').getByText(keys[0]!, { exact: true }).waitFor();
  await keyboard.press('j');
  await keyboard.press('j');
  await keyboard.press('ArrowDown');
  await keyboard.press('k');
  await record.locator('.title').getByText(keys[2]!, { exact: true }).waitFor();
  await keyboard.press('End');
  const active = page.locator('[role=row].active');
  await expect.poll(() => active.isVisible()).toBe(true);
  const describedBy = await page.locator('#records').getAttribute('aria-activedescendant');
  expect(await active.getAttribute('id')).toBe(describedBy);
  await keyboard.press('Escape');
  await record.waitFor({ state: 'detached' });
});

test('Escape leaves one thing after the other, and gives the focus back', async () => {
  const application = await bench.application();
  await application.execute('charge', 'p-1');
  const { page, row, record, dialog } = await bench.operator(application);
  await row('p-1').click();
  const remove = record.getByRole('button', { name: 'Delete' });
  await remove.focus();
  await page.keyboard.press('Enter');
  await dialog().getByLabel('Reason').fill('not yet');
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  expect(await remove.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('?');
  await dialog().getByText('this list').waitFor();
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  expect(await record.isVisible()).toBe(true);
  await page.keyboard.press('Escape');
  await record.waitFor({ state: 'detached' });
  expect(application.audited.map(({ action }) => action)).toEqual(['sign-in']);
});

test('keys do nothing while somebody writes', async () => {
  const application = await bench.application();
  await application.execute('charge', 'p-1');
  const { page, dialog, record } = await bench.operator(application);
  const search = page.getByRole('textbox', { name: 'Search by key or record id' });
  await search.click();
  await page.keyboard.type('jk?/rp[o');
  expect(await search.inputValue()).toBe('jk?/rp[o');
  expect(await dialog().count()).toBe(0);
  expect(await record.count()).toBe(0);
  await page.keyboard.press('Escape');
  expect(await search.inputValue()).toBe('');
});

test('the Tab key meets the operations once, however many there are', async () => {
  const application = await bench.application();
  for (let n = 0; n < 24; n += 1) await application.execute(`operation-${n}`, 'p-1');
  const { page } = await bench.operator(application);
  const { keyboard } = page;
  await page.getByText('Counted').waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.id);
  let stops = 0;
  for (; stops < 60 && (await focused()) !== 'records'; stops += 1) await keyboard.press('Tab');
  expect(stops).toBeLessThan(20);

  const operations = page.getByRole('navigation', { name: 'Operations' });
  await operations.getByRole('button', { name: /^All operations \d/ }).focus();
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowRight');
  const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  expect(label).toBe('operation-0: 0 executing');
  await keyboard.press('ArrowLeft');
  await keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).searchParams.get('operation')).toBe('operation-0');
});
