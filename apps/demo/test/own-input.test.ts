import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { effectsOf, inputOf, newState, onSqlite, runDemo, tableOf } from './demo-process.ts';

test('JMESPath finds the key, also in a body that is JSON in a string', async () => {
  const state = await newState();
  const message = (tenant: string, id: number) => ({
    body: JSON.stringify({ tenant, order: { id } }),
  });
  const input = await inputOf([message('x', 1), message('y', 1), message('x', 1)]);
  const key = 'json(body).[tenant, order.id]';
  const ended = await runDemo('--state', state, '--input', input, '--key', key, '--workers', '2');
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(tableOf(ended).order).toMatchObject({ deliveries: 3, keys: 2, executed: 2, replayed: 1 });
  expect(ended.stdout).toContain('2 orders in 3 deliveries');
  expect([...effectsOf(state).keys()]).toContain('charge ["x",1] 0');
});

test('lines that cannot be delivered are named and kept, and the others are delivered', async () => {
  const { state, args } = await onSqlite();
  const order = (id: unknown) => ({ detail: { 'order-id': id } });
  const input = await inputOf([order('A'), '{"id":', { other: 1 }, '', order(null), order('A')]);
  const ended = await runDemo(
    ...args,
    '--input',
    input,
    '--key',
    'detail.order-id',
    '--workers',
    '1',
  );
  expect(ended).toMatchObject({ code: 1, stderr: '' });
  expect(ended.stdout).toContain('✗ 3 lines of the input could not be delivered');
  expect(ended.stdout).toContain('line 2: not JSON');
  expect(ended.stdout).toContain('line 3: no key: --key finds nothing here');
  expect(ended.stdout).toContain('line 5: no key: --key finds nothing here');
  expect(tableOf(ended).order).toMatchObject({ deliveries: 2, keys: 1, executed: 1, replayed: 1 });
  const kept = readFileSync(join(state, 'undelivered.ndjson'), 'utf8').trim().split('\n');
  expect(kept.map((line) => JSON.parse(line))).toMatchObject([
    { line: 2, text: '{"id":' },
    { line: 3, text: '{"other":1}' },
    { line: 5, text: '{"detail":{"order-id":null}}' },
  ]);
});

test('the number 1 and the text 1 are two orders, also where they are counted', async () => {
  const { args } = await onSqlite();
  const input = await inputOf([{ id: 1 }, { id: '1' }]);
  const ended = await runDemo(...args, '--input', input, '--key', 'id', '--workers', '1');
  expect(tableOf(ended).order).toMatchObject({ deliveries: 2, keys: 2, executed: 2 });
  expect(ended.stdout).toContain('2 orders in 2 deliveries');
  expect(ended.stdout).toContain('1 worker ·');
});

test('an expression that cannot be applied says why, where nobody sees a cause', async () => {
  const { args } = await onSqlite();
  const input = await inputOf([{ id: 7 }]);
  const key = 'length(id)';
  const ended = await runDemo(...args, '--input', input, '--key', key, '--workers', '1');
  expect(ended.stdout).toMatch(/line 1: .*cannot be applied to this input; .*length/);
  expect(ended.stdout).not.toContain('see the cause');
  expect(ended.stdout, 'nothing was delivered').not.toContain('everything is replayed');
});
