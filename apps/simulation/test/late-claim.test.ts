import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Plan } from '../src/plan.ts';
import { runSchedule } from '../src/run-schedule.ts';
import type { World } from '../src/world/world.ts';

/** Its record is deleted while it executes, and comes back when the first try of its claim lands late. */
const plan: Plan = {
  seed: 2_020_057,
  setting: {
    ...{ kind: 'postgres', processes: 2, keys: ['a', 'b'], retentionMs: 479, faultRate: 0.1 },
    ...{ isTiered: true, isBatched: false, isAtOnce: false, isWorkflow: false },
    ...{ abandoned: 'reexecute', failure: 'ambiguous', hasFingerprint: false, heartbeat: true },
  },
  events: [
    { at: 263, what: 'call', by: 1, key: 'a', amount: 1 },
    { at: 1362, what: 'delete', by: 1, key: 'a' },
    { at: 1508, what: 'call', by: 1, key: 'a', amount: 1 },
    { at: 1616, what: 'delete', by: 1, key: 'a' },
  ],
  isFollowedUp: false,
};

test('who gets a deleted record back by a late try of its claim has a lease that it renews', async () => {
  await turn();
  const { trace, violations } = await new Promise<World>((resolve) => {
    setImmediate(() => resolve(runSchedule(plan, undefined, true)));
  });
  const granted = trace!.filter((line) => line.endsWith(' by 1-1: acquired'));
  expect(granted).toHaveLength(2);
  expect(violations).toEqual([]);
});
