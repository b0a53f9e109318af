import type { Mutant } from './mutants/mutant.ts';
import { planOf } from './plan.ts';
import { runSchedule } from './run-schedule.ts';
import { replayCommand, shrink } from './shrink.ts';
import type { Violation } from './world/world.ts';

/** What somebody needs who is to find out why: the seed, and the least that still goes wrong. */
export function reportOn(seed: number, violation: Violation, mutant?: Mutant): string {
  const shrunk = shrink(planOf(seed), violation, mutant);
  const { trace } = runSchedule(shrunk.plan, mutant, true);
  return [
    `seed ${seed}: ${violation.invariant}: ${violation.text}`,
    `replay it with: pnpm simulate --seed ${seed}`,
    `and as little of it as possible with: ${replayCommand(shrunk)}`,
    JSON.stringify(shrunk.plan.setting),
    ...shrunk.plan.events.map((event) => JSON.stringify(event)),
    ...trace!,
  ].join('\n');
}
