/** Of an odd number of figures the one that has as many below as above. */
export function middleOf(figures: readonly number[]): number {
  return figures.toSorted((one, other) => one - other)[figures.length >> 1]!;
}
