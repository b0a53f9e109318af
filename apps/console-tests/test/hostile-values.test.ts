import { createIdempotency } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { useTestBench } from '../src/test-bench.ts';

const bench = useTestBench();

const script = '<script>document.title = "owned"</script><img src=x onerror="document.title=1">';
const direction = 'gnp.\u202eexe.invoice\u2066\u200f';
const terminal = '\u001b[31mred\u001b[0m\u0007\u0000';
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: somebody tries whether it is filled in
const template = '${alert(1)}';
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
const hostile = [
  script,
  direction,
  terminal,
  '"><svg onload=alert(1)>',
  '{{constructor.alert(1)}}',
  template,
];

test('hostile keys, inputs, operations, scopes and errors are shown as text', async () => {
  const application = await bench.application();
  for (const [n, value] of hostile.entries()) {
    await application.idempotency
      .execute(
        {
          operation: `op ${n} ${value.replaceAll('\0', '')}`,
          key: `key ${n} ${value}`,
          input: { value },
          scope: `scope ${n} ${value}`,
        },
        () => {
          throw Object.assign(new Error(value), { name: value });
        },
      )
      .catch(() => {});
  }
  const { page, row, rows, record } = await bench.operator(application);
  await expect.poll(async () => (await rows()).length).toBe(hostile.length);
  for (const n of hostile.keys()) {
    await row(`key ${n} `).click();
    await record.getByText('Raw record').click();
    await record.locator('.title').getByText(`op ${n} `).waitFor();
    const text = (await record.textContent())!;
    for (const character of ['\u202e', '\u2066', '\u200f', '\u001b', '\u0007', '\u0000']) {
      expect(text).not.toContain(character);
    }
  }
  expect(await record.textContent()).toContain(template);
  await row('key 0 ').click();
  await expect.poll(() => record.textContent()).toContain(script);
  await row('key 1 ').click();
  await expect.poll(() => record.textContent()).toContain('U+202E');
  await expect.poll(() => record.textContent()).toContain('gnp.');
  expect(await page.title()).toBe('Twiceproof console');
  expect(await page.locator('#console script, #console img, #console [onerror]').count()).toBe(0);
});

test('hostile results and recorded errors are shown as text', async () => {
  const application = await bench.application();
  await application.execute('charge', 'p-1', () => ({ hostile }));
  await application.idempotency
    .execute({ operation: 'charge', key: 'p-2', failure: 'record' }, () => {
      throw new Error(script + direction + terminal);
    })
    .catch(() => {});
  const { page, row, record } = await bench.operator(application);
  for (const key of ['p-1', 'p-2']) {
    await row(key).click();
    await record.locator('.title').getByText(key).waitFor();
    await record.getByRole('button', { name: /Show the/ }).click();
    await record.locator('.hidden-result').waitFor({ state: 'detached' });
    await expect.poll(() => record.locator('.decoded').first().textContent()).toContain('<script>');
    expect(await record.textContent()).not.toContain('\u202e');
  }
  expect(await page.title()).toBe('Twiceproof console');
  expect(await page.locator('#console script, #console img').count()).toBe(0);
});

test('huge values neither stop the page nor stretch it', async () => {
  const application = await bench.application();
  const huge = 'x'.repeat(300_000);
  await application.execute('charge', huge, () => huge);
  await application.execute('charge', 'p-2', () => {
    throw new Error(huge);
  });
  const { page, row, rows, record } = await bench.operator(application);
  await expect.poll(async () => (await rows()).length).toBe(2);
  for (const text of await rows()) expect(text.length).toBeLessThan(800);
  await row('p-2').click();
  await record.locator('.error').waitFor();
  expect((await record.textContent())!.length).toBeLessThan(20_000);
  await row('charge').nth(1).click();
  await record.getByRole('button', { name: 'Show the result' }).click();
  await record.getByText('characters. For all of them:').waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBe(1280);
});

test('a record id that is hostile as well is neither followed nor understood as anything else', async () => {
  const application = await bench.application();
  const operation = '../../"><script>';
  const staging = createIdempotency({ environment: '<b>', store: application.store });
  await staging.execute({ operation, key: 'p-1' }, () => 1);
  const { page, record } = await bench.operator(application, { path: '?text=p-1' });
  await page.locator('#records').getByText(operation).click();
  await record.getByRole('heading', { name: operation }).waitFor();
  await page.reload();
  await record.getByRole('heading', { name: operation }).waitFor();
});
