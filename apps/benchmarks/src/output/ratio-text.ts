import type { Spread } from '../measuring/spread.ts';

/** A ratio with two digits after the point, as long as they mean something. */
export function ratioText(ratio: number): string {
  return ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(ratio < 100 ? 1 : 0);
}

/** A ratio with the ends between which half of the rounds lie. */
export function spreadText({ median, low, high }: Spread): string {
  return `${ratioText(median)} (${ratioText(low)}–${ratioText(high)})`;
}
