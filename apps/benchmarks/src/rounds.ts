import type { Comparison } from './benchmark.ts';
import { quantile } from './quantile.ts';

/** What a contender's work cost, and how that compares to the first one. */
export interface Row {
  readonly name: string;
  /** The median of all rounds. */
  readonly cost: number;
  /** What the first one cost in the same round, divided by what this one did; above 1 is cheaper. */
  readonly ratio: Spread;
}

interface Spread {
  readonly median: number;
  /** Half of the rounds are between these. */
  readonly low: number;
  readonly high: number;
}

/** A comparison with its figures. */
export interface Result {
  readonly title: string;
  readonly unit: string;
  readonly rows: readonly Row[];
}

/** Code is compiled, and connections are opened, in rounds that do not count. */
const warmUps = 3;

/**
 * Has every contender take one sample in every round. A machine that is slow for a while is slow for
 * all of them, so the ratios of a round hold where its times do not.
 */
export async function runRounds(
  { title, unit, contenders }: Comparison,
  rounds: number,
): Promise<Result> {
  const taken: number[][] = [];
  for (let round = 0; round < warmUps + rounds; round++) {
    const costs = Array<number>(contenders.length);
    for (let turn = 0; turn < contenders.length; turn++) {
      // Each is the first of a round in its turn: nobody always cleans up after the same one.
      const at = (round + turn) % contenders.length;
      costs[at] = await contenders[at]!.sample();
    }
    if (round >= warmUps) taken.push(costs);
  }
  const rows = contenders.map(({ name }, at) => ({
    name,
    cost: quantile(
      taken.map((costs) => costs[at]!),
      0.5,
    ),
    ratio: spreadOf(taken.map((costs) => costs[0]! / costs[at]!)),
  }));
  return { title, unit, rows };
}

function spreadOf(ratios: readonly number[]): Spread {
  return {
    median: quantile(ratios, 0.5),
    low: quantile(ratios, 0.25),
    high: quantile(ratios, 0.75),
  };
}
