import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { planOf } from '../src/plan.ts';
import { runSchedule } from '../src/run-schedule.ts';
import { keepOnly } from '../src/shrink.ts';
import type { World } from '../src/world/world.ts';

/** A process stops while the first request of a claim is under way, and goes on when it has long been given up. */
const whole = planOf(144_284);
const plan = keepOnly(whole, [2, 3, 4], whole.setting.faultRate);

test('a claim that was given up between its two requests sends no second one', async () => {
  await turn();
  const { violations, outcomes, grants } = await new Promise<World>((resolve) => {
    setImmediate(() => resolve(runSchedule(plan)));
  });
  expect(violations).toEqual([]);
  expect(outcomes).toEqual({ store_error: 1 });
  expect(grants.size).toBe(0);
});
