import { expect, it } from 'vitest';
import { type Coverage, runSchedule } from './schedule.ts';

const schedules = Number(process.env.SCHEDULES ?? 2_000);
const firstSeed = Number(process.env.SEED ?? Date.now() % 1_000_000_000);

const nothing: Coverage = {
  executed: 0,
  replayed: 0,
  refused: 0,
  failed: 0,
  mismatches: 0,
  held: 0,
  found: 0,
  takeovers: 0,
  deaths: 0,
  deletions: 0,
  releases: 0,
  wrongServers: 0,
  withdrawn: 0,
  settledLate: 0,
};

it(`holds every invariant over ${schedules} random schedules from seed ${firstSeed}`, async () => {
  const coverage = { ...nothing };
  for (let seed = firstSeed; seed < firstSeed + schedules; seed++) {
    await runSchedule(seed, coverage).catch((error: unknown) => {
      throw new Error(`schedule ${seed}: run it alone with SEED=${seed} SCHEDULES=1`, {
        cause: error,
      });
    });
  }
  // A simulation in which nothing happens proves nothing.
  for (const [what, count] of Object.entries(coverage)) {
    expect(count, what).toBeGreaterThan(schedules / 500);
  }
}, 1_800_000);

it.each([
  ['no withdrawals', /a claim that was given up was left behind/],
  ['no late settlements', /an attempt that ended was never settled/],
  ['the wrong server is kept', /was never settled|never reached the store again/],
  ['the wrong server is believed', /an effect starts only on a claimed record/],
] as const)('finds an engine with %s', async (mutant, violation) => {
  const firstViolation = async (): Promise<unknown> => {
    for (let seed = 1; seed < 2_000; seed++) {
      try {
        await runSchedule(seed, { ...nothing }, mutant);
      } catch (error) {
        return error;
      }
    }
    return undefined;
  };
  expect(await firstViolation()).toMatchObject({ message: expect.stringMatching(violation) });
});
