import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { planOf } from '../src/plan.ts';
import { runSchedule } from '../src/run-schedule.ts';
import { keepOnly } from '../src/shrink.ts';
import type { World } from '../src/world/world.ts';

/** An operator deletes a claim whose answer is on its way, and another process claims next. */
const plan = keepOnly(planOf(69_539), [0, 1, 2, 4, 5], 0);

test('who hears of a claim after an operator has deleted it starts beside who claimed next, and records nothing', async () => {
  await turn();
  const { violations, effects, trace } = await new Promise<World>((resolve) => {
    setImmediate(() => resolve(runSchedule(plan, undefined, true)));
  });
  expect(violations).toEqual([]);
  const late = effects.find(({ grant }) => grant?.isDeleted);
  expect(effects.filter(({ endedAt }) => endedAt! > late!.startedAt)).toHaveLength(2);
  const { token } = late!.grant!.claim;
  expect(trace!.filter((line) => line.includes(`by ${token}: completed`))).toEqual([]);
});
