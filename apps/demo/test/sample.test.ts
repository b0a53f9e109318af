import { expect, test } from 'vitest';
import { effectsOf, ledgerOf, newState, runDemo, tableOf } from './demo-process.ts';

const orders = 60;
const deliveries = 140;

test('an order that is delivered several times is fulfilled once; another run fulfils it once more', async () => {
  const state = await newState();

  const first = await runDemo('--state', state);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const { order, ...steps } = tableOf(first);
  const replayed = deliveries - orders;
  expect(order).toMatchObject({ deliveries, keys: orders, executed: orders, replayed, failed: 0 });
  for (const step of Object.values(steps)) {
    expect(step).toMatchObject({ keys: orders, executed: orders, failed: 0, duplicates: 0 });
  }
  expect([...effectsOf(state).values()]).toEqual(Array(3 * orders).fill(1));
  expect(new Set(ledgerOf(state).map(({ worker }) => worker)).size, 'workers').toBe(4);

  const second = await runDemo('--state', state, '--workers', '1');
  expect(second.code, second.stdout).toBe(0);
  expect(tableOf(second).order).toMatchObject({ executed: 0, replayed: deliveries, duplicates: 0 });
  expect(tableOf(second).charge).toMatchObject({ executed: 0, replayed: 0 });
  expect(effectsOf(state).size).toBe(3 * orders);

  const onPurpose = await runDemo('--state', state, '--run', '1', '--workers', '2');
  expect(onPurpose.code, onPurpose.stdout).toBe(0);
  expect(tableOf(onPurpose).order).toMatchObject({ executed: orders, replayed, duplicates: 0 });
  expect(onPurpose.stdout).toContain('run 0 is untouched: its 60 order records are all there');
  expect([...effectsOf(state).values()]).toEqual(Array(6 * orders).fill(1));
});
