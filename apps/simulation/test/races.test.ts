import { expect, test } from 'vitest';
import { ciShare } from '../src/ci-share.ts';
import { mutants } from '../src/mutants/mutants.ts';
import { Race, type RaceViolation } from '../src/races/race.ts';
import { type RecordMutant, recordMutants } from '../src/races/record-mutants.ts';
import { reportOnRace, shrinkRace } from '../src/races/run-races.ts';
import { simulate } from '../src/simulate.ts';

/** Of these as many as fit: a busy machine runs fewer, and is no failure. */
const seeds = Number(process.env.SIMULATION_RACES ?? ciShare.races);
const limitMs = Number(process.env.SIMULATION_SECONDS ?? 60) * 1_000;
const from = Number(process.env.SIMULATION_FROM ?? 1);
const mostRaces = 2_000;

test(`the logic of records holds in every race from seed ${from} on`, async () => {
  const { schedules, seconds, failure } = await simulate({
    ...{ from, seeds, limitMs, workers: 2, of: 'races' },
  });
  console.log(`${schedules} races in ${seconds.toFixed(1)} s from seed ${from}`);
  expect(failure ?? '').toBe('');
  expect(schedules).toBeGreaterThan(0);
});

function firstOf(mutant: RecordMutant): { seed: number; violation: RaceViolation } | undefined {
  for (let seed = 1; seed <= mostRaces; seed++) {
    const violation = new Race(seed, mutant).run();
    if (violation) return { seed, violation };
  }
  return undefined;
}

test.for(recordMutants.map((mutant) => [mutant.name, mutant] as const))(
  '%s is caught',
  ([, mutant]) => {
    expect(mutant.caughtBy).toContain(firstOf(mutant)?.violation.invariant);
  },
);

test('a seed repeats its race exactly', () => {
  const traceOf = (seed: number): readonly string[] => {
    const race = new Race(seed, undefined, true);
    race.run();
    return race.trace!;
  };
  for (let seed = 1; seed <= 50; seed++) {
    expect(traceOf(seed).length).toBeGreaterThan(0);
    expect(traceOf(seed)).toEqual(traceOf(seed));
  }
});

test('a race that goes wrong is shrunk to the steps without which it does not', () => {
  const mutant = recordMutants.find(({ name }) => name === 'lease over too soon')!;
  const { seed, violation } = firstOf(mutant)!;
  const kept = shrinkRace(seed, violation, mutant);
  expect(new Race(seed, mutant).run(kept)).toMatchObject({ invariant: 'exclusivity' });
  for (const step of kept) {
    const without = kept.filter((other) => other !== step);
    expect(new Race(seed, mutant).run(without)?.invariant).not.toBe('exclusivity');
  }
  expect(reportOnRace(seed, violation, mutant)).toContain(`--seed ${seed} --keep ${kept}`);
});

test('no two mutants share a name, whatever they change', () => {
  const names = [...mutants, ...recordMutants].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
