import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Plan } from '../src/plan.ts';
import { runSchedule } from '../src/run-schedule.ts';
import type { World } from '../src/world/world.ts';

/** Its record is deleted while it executes, and comes back when the first try of its claim lands late. */
const whileItExecutes: Plan = {
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

/** Its record is deleted, and comes back by another try of its claim, before it is answered. */
const beforeItStarts: Plan = {
  seed: 2_195_611,
  setting: {
    ...{ kind: 'redis', processes: 2, keys: ['a'], retentionMs: undefined, faultRate: 0.25 },
    ...{ isTiered: false, isBatched: false, isAtOnce: false, isWorkflow: false },
    ...{ abandoned: 'reexecute', failure: 'ambiguous', hasFingerprint: false, heartbeat: true },
  },
  events: [
    { at: 163, what: 'call', by: 1, key: 'a', amount: 1 },
    { at: 308, what: 'pause', by: 1, ms: 262 },
    { at: 268, what: 'delete', by: 0, key: 'a' },
  ],
  isFollowedUp: false,
};

test.each([
  ['while it executes', whileItExecutes, '1-1'],
  ['before it starts', beforeItStarts, '1-0'],
])(
  'who gets a record that was deleted %s back by a late try of its claim has a lease that it renews',
  async (_, plan, token) => {
    await turn();
    const { trace, violations } = await new Promise<World>((resolve) => {
      setImmediate(() => resolve(runSchedule(plan, undefined, true)));
    });
    const deletedAt = trace!.findIndex((line) => line.endsWith(' deleted'));
    const regained = trace!
      .slice(deletedAt)
      .filter((line) => line.endsWith(` by ${token}: acquired`));
    expect(regained).toHaveLength(1);
    expect(violations).toEqual([]);
  },
);
