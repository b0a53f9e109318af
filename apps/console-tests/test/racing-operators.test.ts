import { expect, test } from 'vitest';
import { useTestBench } from '../src/test-bench.ts';

const bench = useTestBench();

test('of two operators on one record, the second one is told what happened and sees the record as it is', async () => {
  const application = await bench.application();
  const id = await application.abandon('charge', 'p-1');
  const ada = await bench.operator(application, { by: 'ada' });
  const bob = await bench.operator(application, { by: 'bob' });
  for (const { row, record } of [ada, bob]) {
    await row('p-1').click();
    await record.getByRole('button', { name: 'Complete' }).click();
  }
  for (const [{ dialog }, who] of [
    [ada, 'ada'],
    [bob, 'bob'],
  ] as const) {
    await dialog()
      .getByLabel('Value')
      .fill(JSON.stringify({ by: who }));
    await dialog().getByLabel('Reason').fill(`looked by ${who}`);
  }
  await ada.dialog().getByRole('button', { name: 'Complete' }).click();
  await ada.record.locator('.title .state').getByText('Completed').waitFor();
  // Whatever came in meanwhile, Bob confirms what he saw when he opened the dialog.
  await bob.dialog().getByRole('button', { name: 'Complete' }).click();
  await bob.record.getByRole('alert').getByText('somebody else changed the record').waitFor();
  await bob.record.locator('.title .state').getByText('Completed').waitFor();
  expect(await bob.dialog().count()).toBe(0);
  expect(await application.idempotency.records.result(id)).toEqual({ by: 'ada' });
  expect(application.audited.slice(2)).toMatchObject([
    { by: 'ada', action: 'complete', outcome: 'done' },
    { by: 'bob', action: 'complete', outcome: 'changed' },
  ]);
  await bob.record.getByRole('button', { name: 'Understood' }).click();
  expect(await bob.record.getByRole('alert').count()).toBe(0);
});

test('who acts on a record that somebody else deleted is told so', async () => {
  const application = await bench.application();
  const id = await application.execute('charge', 'p-1');
  const { page, row, record, dialog } = await bench.operator(application);
  await row('p-1').click();
  // A page that follows what happens would say so by itself, and close the dialog.
  await page.keyboard.press('p');
  await record.getByRole('button', { name: 'Extend' }).click();
  await dialog().getByLabel('Reason').fill('audit');
  await application.idempotency.records.delete(id);
  await dialog().getByRole('button', { name: 'Extend' }).click();
  await record.getByRole('alert').getByText('Nothing was done: the record is gone').waitFor();
  expect(await record.getByRole('toolbar', { name: 'Actions' }).count()).toBe(0);
});

test('what somebody executes cannot be released, not even by who saw it stuck', async () => {
  const application = await bench.application();
  await application.abandon('charge', 'p-1');
  const { row, record, dialog } = await bench.operator(application, { isHurried: true });
  await row('p-1').click();
  await record.getByRole('button', { name: 'Release' }).click();
  await dialog().getByLabel('Reason').fill('crashed');
  const work = Promise.withResolvers<unknown>();
  const executing = application.execute('charge', 'p-1', () => work.promise);
  await record.locator('.title .state').getByText('Executing').waitFor();
  await dialog().getByRole('button', { name: 'Release' }).click();
  await record.getByRole('alert').getByText('Nothing was done').waitFor();
  work.resolve('done');
  await executing;
  await record.locator('.title .state').getByText('Completed').waitFor();
});
