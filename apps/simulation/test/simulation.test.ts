import { expect, test } from 'vitest';
import { ciShare } from '../src/ci-share.ts';
import type { PlannedEvent } from '../src/plan.ts';
import { simulate } from '../src/simulate.ts';
import { networkFaults } from '../src/world/network.ts';

const seeds = Number(process.env.SIMULATION_SEEDS ?? ciShare.calls);
/** The same each time, so that what fails is what was changed; other seeds are for nights. */
const from = Number(process.env.SIMULATION_FROM ?? 1);

const events: readonly PlannedEvent['what'][] = [
  ...(['call', 'pause', 'jump', 'crash', 'away', 'rollback'] as const),
  ...(['failover', 'evict', 'delete', 'release'] as const),
];
const outcomes = [
  ...['executed', 'replayed', 'replayed_error', 'failed', 'in_progress', 'mismatch', 'held'],
  ...['lease_lost', 'store_error', 'unknown'],
];

test(`every invariant holds in every schedule from seed ${from} on`, async () => {
  const { schedules, seconds, coverage, failure } = await simulate({
    ...{ from, seeds, workers: 2 },
  });
  console.log(`${schedules} schedules in ${seconds.toFixed(1)} s from seed ${from}`);
  expect(failure ?? '').toBe('');
  expect(schedules).toBe(seeds);
  // A simulation in which nothing happens proves nothing.
  for (const what of [...events, ...outcomes, ...networkFaults]) {
    expect(coverage, what).toHaveProperty(what, expect.any(Number));
  }
});
