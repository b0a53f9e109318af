import { expect, test } from 'vitest';
import { mutants } from '../src/mutants/mutants.ts';
import { planOf } from '../src/plan.ts';
import { runSchedule } from '../src/run-schedule.ts';
import { replayCommand, shrink } from '../src/shrink.ts';

/** A schedule takes the turns of its promises itself, so it must not run in one. */
function outsideOfPromises<Answer>(run: () => Answer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(run());
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** Operators' tokens are drawn by core, and tell nothing. */
const nameless = (trace: readonly string[]) => trace.map((line) => line.replace(/ by .*?:/, ':'));

test('a seed repeats its schedule exactly', async () => {
  const traceOf = (seed: number) =>
    outsideOfPromises(() => nameless(runSchedule(planOf(seed), undefined, true).trace!));
  for (let seed = 1; seed <= 50; seed++) {
    const trace = await traceOf(seed);
    expect(trace.length).toBeGreaterThan(0);
    expect(await traceOf(seed)).toEqual(trace);
  }
});

test('what goes wrong is shrunk to the events without which it does not', async () => {
  const mutant = mutants.find(({ name }) => name === 'function started twice')!;
  const shrunk = await outsideOfPromises(() => {
    for (let seed = 1; ; seed++) {
      const [violation] = runSchedule(planOf(seed), mutant).violations;
      if (violation) return shrink(planOf(seed), violation, mutant);
    }
  });
  expect(shrunk.plan.events.map(({ what }) => what)).toEqual(['call']);
  expect(shrunk.violation.invariant).toBe('one start per claim');
  expect(replayCommand(shrunk)).toMatch(/^pnpm simulate --seed \d+ --keep \d+/);
});
