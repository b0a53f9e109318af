import type { Mutant } from './mutants/mutant.ts';
import type { Plan } from './plan.ts';
import { runSchedule } from './run-schedule.ts';
import type { Violation } from './world/world.ts';

/** What a schedule can do without, and still violate the same. */
export interface Shrunk {
  readonly plan: Plan;
  /** Places of the events that are left. */
  readonly kept: readonly number[];
  readonly violation: Violation;
}

/** Leaves out event after event, and the faults of the network, as long as the invariant is violated. */
export function shrink(plan: Plan, violation: Violation, mutant?: Mutant): Shrunk {
  let shrunk: Shrunk = { plan, kept: plan.events.map((_, at) => at), violation };
  const retry = (kept: readonly number[], faultRate: number): boolean => {
    const smaller = keepOnly(plan, kept, faultRate);
    const found = runSchedule(smaller, mutant).violations[0];
    if (found?.invariant !== violation.invariant) return false;
    shrunk = { plan: smaller, kept, violation: found };
    return true;
  };
  retry(shrunk.kept, 0);
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const at of shrunk.kept) {
      const without = shrunk.kept.filter((kept) => kept !== at);
      if (retry(without, shrunk.plan.setting.faultRate)) isSmaller = true;
    }
  }
  return shrunk;
}

/** A schedule of the events at these places alone. */
export function keepOnly(plan: Plan, kept: readonly number[], faultRate: number): Plan {
  const events = plan.events.filter((_, at) => kept.includes(at));
  return { ...plan, events, setting: { ...plan.setting, faultRate } };
}

/** The command that replays it. */
export function replayCommand({ plan, kept }: Shrunk): string {
  const faults = plan.setting.faultRate === 0 ? ' --calm' : '';
  return `pnpm simulate --seed ${plan.seed} --keep ${kept.join(',') || 'none'}${faults}`;
}
