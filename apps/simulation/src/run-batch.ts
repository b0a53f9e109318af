import type { CallOutcome } from '@twiceproof/core';
import { type PlannedEvent, planOf } from './plan.ts';
import { reportOn } from './report.ts';
import { runSchedule } from './run-schedule.ts';
import type { NetworkFault } from './world/network.ts';

/** How often something was in a schedule, so that a run can show what it covered. */
export type Coverage = Partial<Record<CallOutcome | PlannedEvent['what'] | NetworkFault, number>>;

/** What came of a number of schedules. */
export interface Batch {
  readonly schedules: number;
  readonly coverage: Coverage;
  /** Of the first that went wrong. */
  readonly failure: string | undefined;
}

/** Runs the schedules of these seeds, until one goes wrong. */
export function runBatch(from: number, count: number, step: number): Batch {
  const coverage: Coverage = {};
  for (let at = 0; at < count; at++) {
    const seed = from + at * step;
    const plan = planOf(seed);
    const { violations, outcomes, faults } = runSchedule(plan);
    const [violation] = violations;
    if (violation) {
      return { schedules: at + 1, coverage, failure: reportOn(seed, violation) };
    }
    add(coverage, outcomes);
    add(coverage, faults);
    for (const { what } of plan.events) coverage[what] = (coverage[what] ?? 0) + 1;
  }
  return { schedules: count, coverage, failure: undefined };
}

/** Adds what one run covered to what others did. */
export function add(sum: Coverage, more: Coverage): void {
  for (const [what, count] of Object.entries(more) as [keyof Coverage, number][]) {
    sum[what] = (sum[what] ?? 0) + count;
  }
}
