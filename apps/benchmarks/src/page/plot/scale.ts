/** A logarithmic scale from one round number to another. */
export interface Scale {
  /** Where a value lies between the ends, from 0 to 1. */
  readonly of: (value: number) => number;
  /** Round numbers at which a line helps the eye. */
  readonly ticks: readonly number[];
}

const steps = [1, 2, 5];

export function scaleFor(values: readonly number[]): Scale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const all = range(Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))).flatMap((power) =>
    steps.map((step) => Number(`${step}e${power}`)),
  );
  const low = all.findLast((tick) => tick <= least) ?? all[0]!;
  const high = all.find((tick) => tick > most) ?? all.at(-1)!;
  const span = Math.log10(high / low);
  const inside = all.filter((tick) => tick >= low && tick <= high);
  return {
    of: (value) => Math.log10(value / low) / span,
    // Of more than two powers of ten, the round ones are enough.
    ticks: span > 2 ? inside.filter((tick) => String(tick).replace(/[0.]/g, '') === '1') : inside,
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}
