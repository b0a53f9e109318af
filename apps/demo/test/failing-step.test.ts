import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { effectsOf, newState, runDemo, tableOf } from './demo-process.ts';
import { ordersInput } from './orders-input.ts';

test('after a step failed, a run without the failure replays what was finished and executes the rest', async () => {
  const state = await newState();
  const input = await ordersInput(6);
  const args = ['--state', state, '--input', input, '--key', 'detail.orderId'];
  const again = [...args, '--workers', '2'];

  const failing = await runDemo(...again, '--fail', 'ship');
  expect(failing, 'what was asked for is no failure').toMatchObject({ code: 0, stderr: '' });
  expect(failing.stdout).toContain('✗ ship failed for 6 orders: the carrier is down (--fail ship)');
  expect(failing.stdout).toContain('✗ 12 deliveries of 6 orders given up after 3 receives');
  expect(failing.stdout).toContain('Run it again without --fail');
  expect(tableOf(failing)).toMatchObject({
    order: { deliveries: 12, keys: 6, executed: 0, failed: 36, duplicates: 0 },
    charge: { executed: 6, replayed: 30, duplicates: 0 },
    ship: { executed: 0, failed: 36 },
    notify: { executed: 0, failed: 0 },
  });
  const undelivered = readFileSync(join(state, 'undelivered.ndjson'), 'utf8').trim().split('\n');
  expect(undelivered.map((line) => JSON.parse(line).line)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
  ]);

  const mended = await runDemo(...again);
  expect(mended).toMatchObject({ code: 0, stderr: '' });
  expect(tableOf(mended)).toMatchObject({
    order: { executed: 6, replayed: 6, failed: 0, duplicates: 0 },
    charge: { executed: 0, replayed: 6 },
    ship: { executed: 6, replayed: 0 },
    notify: { executed: 6, replayed: 0 },
  });
  expect([...effectsOf(state).values()]).toEqual(Array(18).fill(1));

  const tooLate = await runDemo(...again, '--fail', 'ship');
  expect(tooLate.code).toBe(0);
  expect(tooLate.stdout).toContain(
    '--fail ship broke nothing, as all orders were finished; try a new --run',
  );
});
