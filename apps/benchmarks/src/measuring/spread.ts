import { quantile } from './quantile.ts';

/** Where the rounds lie. */
export interface Spread {
  readonly median: number;
  /** Half of the rounds are between these. */
  readonly low: number;
  readonly high: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    median: quantile(values, 0.5),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
  };
}

/** Of several runs: the median one, and the farthest ends of all of them. */
export function mergedSpread(runs: readonly Spread[]): Spread {
  return {
    median: quantile(
      runs.map(({ median }) => median),
      0.5,
    ),
    low: Math.min(...runs.map(({ low }) => low)),
    high: Math.max(...runs.map(({ high }) => high)),
  };
}
