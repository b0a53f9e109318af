/** Three digits are more than a measurement on a shared machine has. */
export function rounded(value: number): string {
  return Math.abs(value) < 100 ? value.toPrecision(3) : value.toFixed(0);
}
