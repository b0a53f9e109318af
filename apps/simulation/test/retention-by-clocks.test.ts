import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { planOf } from '../src/plan.ts';
import { runSchedule } from '../src/run-schedule.ts';
import type { World } from '../src/world/world.ts';

/** On DynamoDB: who completes has a clock that is ahead, and who calls when that is over one that is behind. */
const plan = planOf(5_149_909);

test('a lease gets a margin for clocks that are apart, and a retention none', async () => {
  await turn();
  const { violations, outcomes } = await new Promise<World>((resolve) => {
    setImmediate(() => resolve(runSchedule(plan)));
  });
  expect(violations).toEqual([]);
  // Of "b" for the first call and for the last, and once to see that the process is alive.
  expect(outcomes).toEqual({ executed: 3, replayed: 1 });
});
