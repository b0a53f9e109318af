import { setImmediate as turn } from 'node:timers/promises';
import { beforeAll, expect, test, vi } from 'vitest';
import { invariants } from '../src/checkers/invariants.ts';
import type { Mutant } from '../src/mutants/mutant.ts';
import { mutants } from '../src/mutants/mutants.ts';
import { planOf } from '../src/plan.ts';
import { runSchedule } from '../src/run-schedule.ts';

const mostSchedules = 20_000;

beforeAll(() => {
  // One of them is switched off, which is said once.
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});

/** The invariant that is violated first, whatever the schedule. */
async function firstViolation(mutant: Mutant): Promise<string | undefined> {
  // A schedule takes the turns of its promises itself, so it must not run in one.
  await turn();
  return new Promise((resolve) => {
    setImmediate(() => {
      for (let seed = 1; seed < mostSchedules; seed++) {
        const [violation] = runSchedule(planOf(seed), mutant).violations;
        if (violation) return resolve(violation.invariant);
      }
      return resolve(undefined);
    });
  });
}

test.for(mutants.map((mutant) => [mutant.name, mutant] as const))(
  '%s is caught',
  async ([, mutant]) => {
    expect(mutant.caughtBy).toContain(await firstViolation(mutant));
  },
);

test('every invariant is what catches some mutant', () => {
  const first = new Set(mutants.flatMap(({ caughtBy }) => caughtBy));
  expect(Object.keys(invariants).filter((name) => !first.has(name as never))).toEqual([]);
});

test('no two mutants share a name', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});
