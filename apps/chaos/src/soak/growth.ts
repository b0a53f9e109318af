import type { Sample } from './sample.ts';

/** What may differ without being a growth: work that is under way, and a heap that is a little fuller. */
const slack: Record<keyof Sample, (early: number) => number> = {
  heapBytes: (early) => early / 10 + 2_000_000,
  handles: () => 12,
  timers: () => 24,
  listeners: () => 12,
};

/** What a process holds more of in the last quarter than in the second one, a sentence each. */
export function growthOf(samples: readonly Sample[]): string[] {
  const quarter = Math.floor(samples.length / 4);
  if (quarter < 2) throw new Error(`${samples.length} samples say nothing; take at least 8`);
  const early = samples.slice(quarter, 2 * quarter);
  const late = samples.slice(-quarter);
  return (Object.keys(slack) as (keyof Sample)[]).flatMap((name) => {
    const [before, after] = [early, late].map((some) => median(some.map((each) => each[name])));
    return after! > before! + slack[name](before!)
      ? [`${name} grew from ${before} to ${after}`]
      : [];
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;
}
