import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Mutant } from '../src/mutants/mutant.ts';
import type { Plan } from '../src/plan.ts';
import { runSchedule } from '../src/run-schedule.ts';
import type { World } from '../src/world/world.ts';

/** The last execution outlasts lease and retention while its completion is on its way, and is sent again. The
 * retention is not that of the seed: since that was found, a record in progress ends earlier. */
const plan: Plan = {
  seed: 2_738_166,
  setting: {
    ...{ kind: 'dynamodb', processes: 2, keys: [['a', 'b'], ['ab']], retentionMs: 380 },
    ...{ isTiered: false, isBatched: false, isAtOnce: false, isWorkflow: false, faultRate: 0.25 },
    ...{ abandoned: 'reexecute', failure: 'ambiguous', hasFingerprint: false, heartbeat: false },
  },
  events: [
    { at: 366, what: 'call', by: 1, key: ['a', 'b'], amount: 1 },
    { at: 1_028, what: 'call', by: 0, key: ['a', 'b'], amount: 1 },
    { at: 1_597, what: 'release', by: 0, key: ['a', 'b'] },
    { at: 1_865, what: 'call', by: 0, key: ['a', 'b'], amount: 1 },
  ],
  isFollowedUp: false,
};

async function runOf(mutant?: Mutant): Promise<World> {
  await turn();
  return new Promise<World>((resolve) => {
    setImmediate(() => resolve(runSchedule(plan, mutant, true)));
  });
}

test('a completion is not refused as expired while an earlier try of it may still land', async () => {
  const { trace, violations } = await runOf();
  const completions = trace!.filter((line) => line.includes('completion of'));
  expect(completions.filter((line) => line.includes(' by 0-1: '))).toHaveLength(3);
  expect(violations).toEqual([]);
});

test('judged by its own time, it is called lost and lands all the same', async () => {
  const { violations } = await runOf({
    name: 'each try judged by its own time',
    fault: 'refuses a later try as expired while an earlier one may still land',
    caughtBy: ['own-write recognition'],
    table(table) {
      table.judging = (by) => by;
    },
  });
  expect(violations).toMatchObject([{ invariant: 'own-write recognition' }]);
});
