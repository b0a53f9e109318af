import { createIdempotency, isOutcomeUnknown, outcomeUnknown } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';
import { type Application, fail } from '../src/application.ts';
import type { Operator } from '../src/operator.ts';
import { useTestBench } from '../src/test-bench.ts';

const bench = useTestBench();

function lose(): never {
  throw outcomeUnknown(new Error('no answer in 30 s'));
}

async function troubles(options?: Parameters<typeof bench.application>[0]): Promise<Application> {
  const application = await bench.application(options);
  for (const key of ['stuck-1', 'stuck-2']) await application.abandon('charge', key);
  await application.abandon('charge', 'held', { isHeld: true });
  await application.execute('charge', 'lost', lose);
  await application.execute('charge', 'failed', () => fail());
  await application.execute('charge', 'done');
  await expect
    .poll(async () => (await application.store.list({ stuck: true, limit: 9 })).records)
    .toHaveLength(4);
  return application;
}

async function states({ idempotency }: Application): Promise<Record<string, string>> {
  const { records } = await idempotency.records.list();
  return Object.fromEntries(
    records.map((r) => [r.keyPreview, isOutcomeUnknown(r) ? 'unknown' : r.status]),
  );
}

const untouched = {
  'stuck-1': 'in_progress',
  'stuck-2': 'in_progress',
  held: 'in_progress',
  lost: 'unknown',
  failed: 'failed',
  done: 'completed',
};

const bar = ({ page }: Operator) => page.getByRole('toolbar', { name: 'All that match' });
const progress = ({ page }: Operator) =>
  page.getByRole('region', { name: 'Action on many records' });

/** Chooses the action, and gives a reason once the records are counted. */
async function order(operator: Operator, action: string, title: string): Promise<void> {
  await bar(operator).getByRole('button', { name: action }).click();
  await operator.dialog().getByRole('heading', { name: title }).waitFor();
  await operator.dialog().getByLabel('Reason').fill('OPS-1');
}

test('all that are stuck are released, after they were counted, and what is held or unknown stays', async () => {
  const application = await troubles();
  const operator = await bench.operator(application, { isHurried: true });
  const { tab, dialog, row } = operator;
  expect(await bar(operator).count(), 'not where every record matches').toBe(0);
  await tab('Stuck').click();
  await order(operator, 'Release', 'Release 2 records?');
  expect(await dialog().textContent()).toContain('Stuck records of all operations, in prod');
  expect(await dialog().textContent()).toContain('Make sure first');
  await dialog().getByRole('button', { name: 'Release 2 records' }).click();
  await progress(operator).getByText('Done: 2 released.').waitFor();
  expect(await states(application)).toEqual({
    ...untouched,
    'stuck-1': 'failed',
    'stuck-2': 'failed',
  });
  const [released] = (await application.idempotency.records.list({ text: 'stuck-1' })).records;
  expect(released).toMatchObject({ settledBy: { by: 'ada', reason: 'OPS-1' } });
  // The list and the counts follow by themselves.
  await tab('Stuck').getByText('0', { exact: true }).waitFor();
  await row('stuck-1').getByText('Released: OPS-1').waitFor();
  await progress(operator).getByRole('button', { name: 'Understood' }).click();
  await progress(operator).waitFor({ state: 'detached' });
  expect(application.audited.map(({ action, outcome }) => [action, outcome])).toEqual([
    ['sign-in', 'done'],
    ['release', 'started'],
    ['release', 'done'],
    ['release', 'done'],
    ['release', 'done'],
  ]);
});

test('an operation is extended and deleted whole, and what the action is not for is not counted', async () => {
  const application = await troubles();
  await application.execute('mail', 'm-1');
  const operator = await bench.operator(application, { isHurried: true });
  const { page, dialog } = operator;
  await page.getByRole('combobox', { name: 'Operation' }).selectOption('charge');
  await order(operator, 'Extend', 'Extend 2 records?');
  expect(await dialog().textContent()).toContain('1 failed');
  await dialog().getByLabel('Until someone deletes it').check();
  await dialog().getByRole('button', { name: 'Extend 2 records' }).click();
  await progress(operator).getByText('Done: 2 extended.').waitFor();
  const [done] = (await application.idempotency.records.list({ text: 'done' })).records;
  expect(done?.expiresAt).toBe(undefined);

  await order(operator, 'Delete', 'Delete 6 records?');
  expect(await dialog().textContent()).toContain('whether or not its effect happened');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  expect(await states(application)).toEqual({ ...untouched, 'm-1': 'completed' });
  await order(operator, 'Delete', 'Delete 6 records?');
  await dialog().getByRole('button', { name: 'Delete 6 records' }).click();
  await progress(operator).getByText('Done: 6 deleted.').waitFor();
  expect(await states(application)).toEqual({ 'm-1': 'completed' });
});

test('the probe is asked about what is of unknown outcome, and its faults are shown', async () => {
  const application = await troubles({
    probe: ({ keyPreview }) => {
      if (keyPreview === 'lost') return { completed: { receipt: 'r-1' } };
      throw new Error('the provider is away');
    },
  });
  const operator = await bench.operator(application, { isHurried: true });
  const { tab, dialog } = operator;
  await tab('Unknown').click();
  await order(operator, 'Ask the probe', 'Ask the probe about 1 record?');
  await dialog().getByRole('button', { name: 'Ask the probe' }).click();
  await progress(operator).getByText('Done: 1 completed.').waitFor();
  expect(await states(application)).toEqual({ ...untouched, lost: 'completed' });
  await tab('Stuck').click();
  await order(operator, 'Ask the probe', 'Ask the probe about 2 records?');
  await dialog().getByRole('button', { name: 'Ask the probe' }).click();
  await progress(operator).getByText('Done: 2 could not be asked about.').waitFor();
  await progress(operator).getByText('The probe failed: the provider is away').waitFor();
});

test('without a probe, the page says why there is nothing to ask', async () => {
  const operator = await bench.operator(await troubles());
  await operator.tab('Unknown').click();
  await bar(operator).getByRole('button', { name: 'Ask the probe' }).click();
  await operator.dialog().getByRole('heading', { name: 'There is no probe to ask' }).waitFor();
  expect(await operator.dialog().textContent()).toContain('twiceproof.config.ts');
  await operator.dialog().getByRole('button', { name: 'Close' }).last().click();
  await operator.dialog().waitFor({ state: 'detached' });
});

/** Many records, of which the tenth and later ones are extended only when the test says so. */
async function slowApplication() {
  const store = memoryStore();
  const letGoOn = Promise.withResolvers<void>();
  let extended = 0;
  const extend: typeof store.extend = async (...request) => {
    if (++extended > 9) await letGoOn.promise;
    return store.extend!(...request);
  };
  // On a busy machine the test takes longer than a store may.
  const slow = { ...store, extend };
  const idempotency = createIdempotency({ environment: 'prod', store: slow, storeTimeout: '10m' });
  const application = await bench.application({ store: slow, idempotency });
  for (let n = 0; n < 130; n += 1) await application.execute('charge', `p-${n}`);
  const operator = await bench.operator(application, { isHurried: true });
  await operator.tab('Completed').click();
  await order(operator, 'Extend', 'Extend 130 records?');
  await operator.dialog().getByRole('button', { name: 'Extend 130 records' }).click();
  await progress(operator).getByText('Extending 9 of 130 records').waitFor();
  return { application, operator, letGoOn, extended: () => extended };
}

test('progress is shown to everybody, also to a page that is paused, and goes on to the end', async () => {
  const { application, operator, letGoOn } = await slowApplication();
  const value = await progress(operator).getByRole('progressbar').getAttribute('value');
  expect(value).toBe('9');
  expect(await bar(operator).count(), 'one at a time').toBe(0);
  await operator.page.keyboard.press('p');
  const bob = await bench.operator(application, { by: 'bob', isHurried: true });
  await progress(bob).getByText('ada: Extending 9 of 130 records').waitFor();
  letGoOn.resolve();
  for (const each of [operator, bob]) {
    await progress(each).getByText('Done: 130 extended.').waitFor();
  }
});

test('it is stopped by its button, and tells how far it came', async () => {
  const { application, operator, letGoOn, extended } = await slowApplication();
  await progress(operator).getByRole('button', { name: 'Stop' }).click();
  await progress(operator).getByText('Stopping after').waitFor();
  letGoOn.resolve();
  await progress(operator)
    .getByText(/^Stopped after \d+ of 130 records: \d+ extended\.$/)
    .waitFor();
  expect(extended()).toBeLessThan(20);
  expect(application.audited.at(-1)).toMatchObject({
    action: 'extend',
    outcome: 'stopped',
    detail: 'stopped by ada',
    counts: { counted: 130, changed: extended() },
  });
});

test('it ends with the console, and the page says so', async () => {
  const { application, operator, letGoOn, extended } = await slowApplication();
  const closed = application.running.close();
  letGoOn.resolve();
  await closed;
  expect(extended()).toBeLessThan(20);
  await progress(operator).getByText('What is under way ends with the console.').waitFor();
});

test('whoever comes second is told who acts, and how far that is', async () => {
  const { application, letGoOn } = await slowApplication();
  const bob = await bench.operator(application, { by: 'bob', path: '?state=completed' });
  // His page does not hear of it before he acts.
  await bob.page.route('**/api/bulk', (route) => route.fulfill({ json: { now: Date.now() } }));
  await bob.page.reload();
  await order(bob, 'Release', 'Release 130 records?');
  await bob.dialog().getByRole('button', { name: 'Release 130 records' }).click();
  await bob
    .dialog()
    .getByRole('alert')
    .getByText('ada extends records right now, 9 of 130')
    .waitFor();
  letGoOn.resolve();
});

test('with a wrong CSRF token nothing is done', async () => {
  const application = await troubles();
  const operator = await bench.operator(application);
  await operator.tab('Stuck').click();
  await order(operator, 'Release', 'Release 2 records?');
  await operator.page.route('**/api/bulk/start', (route) =>
    route.continue({ headers: { ...route.request().headers(), 'x-twiceproof-csrf': 'guessed' } }),
  );
  await operator.dialog().getByRole('button', { name: 'Release 2 records' }).click();
  await operator.page.getByRole('heading', { name: 'This browser is not signed in' }).waitFor();
  expect(await states(application)).toEqual(untouched);
  expect(application.audited.map(({ action }) => action)).toEqual(['sign-in']);
});

test('read-only, there is nothing that acts on many', async () => {
  const operator = await bench.operator(await troubles({ readOnly: true }));
  await operator.tab('Stuck').click();
  await operator.row('stuck-1').waitFor();
  expect(await bar(operator).count()).toBe(0);
});

test('where none match any more, there is nothing to do', async () => {
  const application = await troubles();
  const operator = await bench.operator(application);
  await operator.tab('Held').click();
  await operator.row('held').waitFor();
  const [held] = (await application.idempotency.records.list({ held: true, text: 'held' })).records;
  await application.idempotency.records.complete(held!.id, 'by hand');
  await bar(operator).getByRole('button', { name: 'Release' }).click();
  await operator.dialog().getByText('there is nothing to do').waitFor();
  expect(await operator.dialog().getByRole('button', { name: 'Release' }).isDisabled()).toBe(true);
});

test('the steps of a workflow are listed, and acted on, from its record', async () => {
  const application = await bench.application();
  const fulfil = application.idempotency.workflow(
    async (order: string, step) => {
      await step('charge', () => order);
      return step('ship', () => order);
    },
    { operation: 'fulfil', key: (order) => order },
  );
  await fulfil('o-1');
  await fulfil('o-2');
  const operator = await bench.operator(application, { isHurried: true });
  const { page, record, rows, dialog } = operator;
  await page.goto(
    `${application.running.address}/?record=${encodeURIComponent(await fulfil.idOf('o-1'))}`,
  );
  await record.getByRole('button', { name: 'Show its steps' }).click();
  await expect
    .poll(async () => (await rows()).toSorted())
    .toEqual([expect.stringContaining('fulfil.charge'), expect.stringContaining('fulfil.ship')]);
  await order(operator, 'Release', 'Release 2 records?');
  await dialog().getByRole('button', { name: 'Release 2 records' }).click();
  await progress(operator).getByText('Done: 2 released.').waitFor();
  await page.getByRole('button', { name: 'Show other records, too' }).click();
  await expect.poll(async () => (await rows()).length).toBe(6);
});
