import type { Batch } from '../run-batch.ts';
import { Race, type RaceViolation, raceSteps } from './race.ts';
import type { RecordMutant } from './record-mutants.ts';

/** Runs the races of these seeds, until one goes wrong. */
export function runRaces(from: number, count: number, step: number): Batch {
  for (let at = 0; at < count; at++) {
    const seed = from + at * step;
    const violation = new Race(seed).run();
    if (violation) {
      return { schedules: at + 1, coverage: {}, failure: reportOnRace(seed, violation) };
    }
  }
  return { schedules: count, coverage: {}, failure: undefined };
}

/** The steps without which a race does not go wrong in the same way. */
export function shrinkRace(
  seed: number,
  { invariant }: RaceViolation,
  mutant?: RecordMutant,
): readonly number[] {
  let kept: readonly number[] = Array.from({ length: raceSteps }, (_, step) => step);
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const step of kept) {
      const without = kept.filter((other) => other !== step);
      if (new Race(seed, mutant).run(without)?.invariant !== invariant) continue;
      kept = without;
      isSmaller = true;
    }
  }
  return kept;
}

/** What somebody needs who is to find out why. */
export function reportOnRace(
  seed: number,
  violation: RaceViolation,
  mutant?: RecordMutant,
): string {
  const kept = shrinkRace(seed, violation, mutant);
  const race = new Race(seed, mutant, true);
  race.run(kept);
  return [
    `race ${seed}: ${violation.invariant}: ${violation.text}`,
    `replay it with: pnpm simulate --races --seed ${seed}`,
    `and as little of it as possible with: pnpm simulate --races --seed ${seed} --keep ${kept.join(',') || 'none'}`,
    ...race.trace!,
  ].join('\n');
}
