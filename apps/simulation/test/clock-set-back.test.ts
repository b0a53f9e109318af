import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Plan } from '../src/plan.ts';
import { runSchedule } from '../src/run-schedule.ts';
import type { World } from '../src/world/world.ts';

/** It stops before it hears that its completion is done, and goes on long after with an earlier wall clock. */
const plan: Plan = {
  seed: 68_427,
  setting: {
    ...{ kind: 'postgres', processes: 1, keys: ['a', 'b'], retentionMs: 370, faultRate: 0 },
    ...{ isTiered: true, isBatched: false, isAtOnce: false, isWorkflow: false },
    ...{ abandoned: 'probe', failure: 'ambiguous', hasFingerprint: false, heartbeat: true },
  },
  events: [
    { at: 33, what: 'call', by: 0, key: 'a', amount: 1 },
    { at: 735, what: 'pause', by: 0, ms: 1_001 },
    { at: 945, what: 'jump', by: 0, ms: -1_236 },
    { at: 1_069, what: 'call', by: 0, key: 'a', amount: 1 },
  ],
  isFollowedUp: false,
};

test('a tier takes no copy that was old when the process went on, whatever its wall clock says', async () => {
  await turn();
  const { violations, outcomes } = await new Promise<World>((resolve) => {
    setImmediate(() => resolve(runSchedule(plan)));
  });
  expect(violations).toEqual([]);
  expect(outcomes).toEqual({ executed: 2 });
});
