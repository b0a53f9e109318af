import { outcomeUnknown } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { fail } from '../src/application.ts';
import { useTestBench } from '../src/test-bench.ts';

const bench = useTestBench();

test('find a failed record, read why, release it, and watch it execute', async () => {
  const application = await bench.application();
  for (let n = 0; n < 5; n += 1) await application.execute('charge', `p-${n}`);
  await application.execute('charge', 'p-7', () => fail('card declined: insufficient funds'));
  const { page, tab, row, record, dialog } = await bench.operator(application, {
    isHurried: true,
  });

  await tab('Failed').click();
  await row('p-7').waitFor();
  expect(await row('').count()).toBe(1);
  expect(await row('p-7').textContent()).toContain(
    'GatewayError: card declined: insufficient funds',
  );
  await row('p-7').click();
  await record.getByRole('heading', { name: 'Last error' }).waitFor();
  expect(await record.locator('.error').textContent()).toContain(
    'card declined: insufficient funds',
  );

  await record.getByRole('button', { name: 'Release' }).click();
  await dialog().getByLabel('Reason').fill('the customer called, OPS-12');
  await dialog().getByRole('button', { name: 'Release' }).click();
  await page.getByRole('status').getByText('Released. The next call executes it.').waitFor();
  expect(application.audited.at(-1)).toMatchObject({
    by: 'ada',
    action: 'release',
    reason: 'the customer called, OPS-12',
    outcome: 'done',
  });

  const work = Promise.withResolvers<unknown>();
  const again = application.execute('charge', 'p-7', () => work.promise);
  await record.locator('.title .state').getByText('Executing').waitFor();
  expect(await record.getByRole('list').first().textContent()).toContain('Attempt 2 started');
  await row('p-7').getByText('Executing').waitFor();
  work.resolve({ receipt: 'r-7' });
  await again;
  await record.locator('.title .state').getByText('Completed').waitFor();
  await row('p-7').getByText('Completed').waitFor();
});

test('a released record shows that an operator let it run again, and why', async () => {
  const application = await bench.application();
  await application.execute('charge', 'p-1');
  const { row, record, dialog } = await bench.operator(application);
  await row('p-1').click();
  await record.getByRole('button', { name: 'Release' }).click();
  expect(await dialog().textContent()).toContain('Its work is done.');
  await dialog().getByLabel('Reason').fill('wrong amount');
  await dialog().getByRole('button', { name: 'Release' }).click();
  await record.getByRole('heading', { name: 'Released by an operator' }).waitFor();
  expect(await record.locator('.error').textContent()).toContain('wrong amount');
});

test('a held record is completed with a value, which later calls get, and then deleted', async () => {
  const application = await bench.application();
  await application.abandon('charge', 'p-1', { isHeld: true });
  const charge = application.idempotency.wrap(async (_key: string) => 'executed', {
    operation: 'charge',
    key: (key) => key,
    abandoned: 'hold',
  });
  // Its lease of a millisecond may still be live.
  await expect.poll(() => charge('p-1').catch(({ code }) => code)).toBe('HELD');
  const { page, tab, row, record, dialog } = await bench.operator(application);

  await tab('Held').click();
  await row('p-1').click();
  await record.getByText('Its lease ended').waitFor();
  await record.getByRole('button', { name: 'Complete' }).click();
  await dialog().getByLabel('Value').fill('{ receipt: ');
  await dialog().getByText('This is no JSON yet').waitFor();
  await dialog().getByLabel('Reason').fill('charged by hand');
  await dialog().getByLabel('Reason').press('Enter');
  expect(await dialog().isVisible()).toBe(true);
  await dialog().getByLabel('Value').fill('{ "receipt": "by hand" }');
  await dialog().getByRole('button', { name: 'Complete' }).click();
  await record.locator('.title .state').getByText('Completed').waitFor();
  expect(await charge('p-1')).toEqual({ receipt: 'by hand' });

  await record.getByRole('button', { name: 'Delete' }).click();
  await dialog().getByLabel('Reason').fill('start over');
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await record.getByText('This record is gone').waitFor();
  await page.getByRole('status').getByText('Deleted. The next call starts afresh.').waitFor();
  expect(await charge('p-1')).toBe('executed');
  expect(application.audited.map(({ action, outcome }) => [action, outcome])).toEqual([
    ['sign-in', 'done'],
    ['complete', 'done'],
    ['delete', 'done'],
  ]);
});

test('a record is kept longer, for a choice or a duration of one’s own', async () => {
  const application = await bench.application();
  const id = await application.execute('charge', 'p-1');
  const { row, record, dialog } = await bench.operator(application);
  const expiresIn = async () => {
    const found = await application.idempotency.records.get(id);
    return Math.round((found!.expiresAt! - Date.now()) / 86_400_000);
  };
  await row('p-1').click();
  await record.getByRole('button', { name: 'Extend' }).click();
  await dialog().getByLabel('90 days').check();
  await dialog().getByLabel('Reason').fill('audit');
  await dialog().getByRole('button', { name: 'Extend' }).click();
  await dialog().waitFor({ state: 'detached' });
  expect(await expiresIn()).toBe(90);
  await record.getByRole('button', { name: 'Extend' }).click();
  await dialog().getByLabel('Other').check();
  await dialog().getByLabel('Duration').fill('14d');
  await dialog().getByLabel('Reason').fill('audit');
  await dialog().getByRole('button', { name: 'Extend' }).click();
  await dialog().waitFor({ state: 'detached' });
  expect(await expiresIn()).toBe(14);
});

test('a result is hidden until somebody asks for it, and who did is noted', async () => {
  const application = await bench.application();
  await application.execute('charge', 'p-1', () => ({ card: '4111', paid: 10n }));
  const { page, row, record } = await bench.operator(application);
  await row('p-1').click();
  await record.getByRole('button', { name: 'Show the result' }).waitFor();
  expect(await page.content()).not.toContain('4111');
  expect(application.audited.map(({ action }) => action)).toEqual(['sign-in']);
  await record.getByRole('button', { name: 'Show the result' }).click();
  await record.getByText("{ card: '4111', paid: 10n }").waitFor();
  expect(application.audited.at(-1)).toMatchObject({
    by: 'ada',
    action: 'result',
    outcome: 'done',
  });
  await record.getByRole('button', { name: 'Hide' }).click();
  expect(await page.content()).not.toContain('4111');
});

test('search finds a record by its whole key, part of it, its id, and the beginning of its id', async () => {
  const application = await bench.application();
  const id = await application.execute('charge', 'order-4711');
  await application.execute('charge', 'order-4712');
  await application.execute('ship', 'parcel-1');
  const { page, rows, record } = await bench.operator(application);
  const search = page.getByRole('textbox', { name: 'Search by key or record id' });
  const searchFor = async (text: string) => {
    await search.fill(text);
    await search.press('Enter');
  };
  await searchFor('order-4711');
  await expect.poll(rows).toEqual([expect.stringContaining('order-4711')]);
  await searchFor('471');
  await expect.poll(async () => (await rows()).length).toBe(2);
  await searchFor('prod/ship/');
  await expect.poll(rows).toEqual([expect.stringContaining('parcel-1')]);
  await searchFor(id);
  await record.getByText('order-4711').first().waitFor();
  await page.getByRole('button', { name: 'Clear the search' }).first().click();
  await expect.poll(async () => (await rows()).length).toBe(3);
});

test('links lead to telemetry, and away from the console', async () => {
  const application = await bench.application({
    links: { Logs: 'https://logs.example.com/?record={recordId}&operation={operation}' },
  });
  const id = await application.execute('charge', 'p-1');
  const { row, record } = await bench.operator(application);
  await row('p-1').click();
  const link = record.getByRole('link', { name: 'Logs' });
  expect(await link.getAttribute('href')).toBe(
    `https://logs.example.com/?record=${encodeURIComponent(id)}&operation=charge`,
  );
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
});

test('the overview counts by operation, and leads to the records that it counts', async () => {
  const application = await bench.application();
  for (let n = 0; n < 3; n += 1) await application.execute('charge', `p-${n}`);
  await application.execute('charge', 'p-8', fail);
  await application.abandon('ship', 'parcel-1');
  await application.abandon('ship', 'parcel-2', { isHeld: true });
  const { page, rows } = await bench.operator(application);
  await page.getByRole('button', { name: 'charge: 1 failed' }).click();
  await expect.poll(rows).toEqual([expect.stringContaining('p-8')]);
  await page.getByRole('button', { name: 'ship: 1 stuck' }).click();
  await expect.poll(rows).toEqual([expect.stringContaining('parcel-1')]);
  expect(new URL(page.url()).search).toBe('?state=stuck&operation=ship&environment=prod');
  await page.getByRole('button', { name: 'ship: 1 held' }).click();
  await expect.poll(rows).toEqual([expect.stringContaining('parcel-2')]);
  await page.goBack();
  await page.goBack();
  await expect.poll(rows).toEqual([expect.stringContaining('p-8')]);
});

test('an unknown outcome is a state of its own, says what to do, and is completed with what was found', async () => {
  const application = await bench.application();
  const id = await application.execute('charge', 'p-1', () => {
    throw outcomeUnknown(new Error('no answer in 30 s'));
  });
  const { tab, row, record, dialog } = await bench.operator(application);
  await tab('Unknown').click();
  await row('p-1').click();
  await record.getByText('nobody knows whether its effect happened').waitFor();
  await record.getByRole('button', { name: 'Complete' }).click();
  await dialog().getByLabel('Value').fill('{ "receipt": "r-1" }');
  expect(await dialog().getByLabel('Until someone deletes it').isChecked()).toBe(true);
  await dialog().getByLabel('Reason').fill('found at the provider');
  await dialog().getByRole('button', { name: 'Complete' }).click();
  await record.getByText('Settled by').waitFor();
  const settled = await application.idempotency.records.get(id);
  expect(settled).toMatchObject({ status: 'completed', settledBy: { by: 'ada' } });
  expect(settled?.expiresAt).toBe(undefined);
  expect(await record.locator('.details').textContent()).toContain('ada: found at the provider');
});

test('a workflow is released with its steps or without, and a step leads to its workflow', async () => {
  const application = await bench.application();
  const runs = { body: 0, step: 0 };
  const fulfil = application.idempotency.workflow(
    async (order: string, step) => {
      runs.body += 1;
      return step('charge', () => {
        runs.step += 1;
        return order;
      });
    },
    { operation: 'fulfil', key: (order) => order },
  );
  await fulfil('o-1');
  const { page, record, dialog } = await bench.operator(application);
  const release = async (withSteps: boolean) => {
    await record.getByRole('button', { name: 'Release' }).click();
    expect(await dialog().textContent()).toContain('are replayed, not repeated');
    if (withSteps) await dialog().getByLabel('Its steps, too').check();
    await dialog().getByLabel('Reason').fill('again');
    await dialog().getByRole('button', { name: 'Release' }).click();
    await dialog().waitFor({ state: 'detached' });
    await fulfil('o-1');
  };
  await page.locator('[role=row]').filter({ hasText: 'fulfil.charge' }).click();
  await record.getByRole('button', { name: await fulfil.idOf('o-1') }).click();
  await record.getByRole('heading', { name: 'fulfil', exact: true }).waitFor();
  await release(false);
  expect(runs).toEqual({ body: 2, step: 1 });
  await record.locator('.title .state').getByText('Completed').waitFor();
  await release(true);
  expect(runs).toEqual({ body: 3, step: 2 });
});
