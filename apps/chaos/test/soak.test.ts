import { expect, test } from 'vitest';
import { growthOf } from '../src/soak/growth.ts';
import { soak } from '../src/soak/soak.ts';

test('a process that works on under faults holds no more than before', async () => {
  const { samples, outcomes } = await soak({ ms: 60_000, seed: 1 });
  console.log(Object.fromEntries(outcomes), samples.at(0), samples.at(-1));
  expect(growthOf(samples)).toEqual([]);
  for (const outcome of ['executed', 'replayed', 'failed', 'store_error']) {
    expect(outcomes.get(outcome), outcome).toBeGreaterThan(0);
  }
});
