const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** A span in its largest sensible unit: `45s`, `90m`, `36h`, `12d`. */
export function spanText(ms: number): string {
  const span = Math.abs(ms);
  const [unit, size] = units.find(([, each]) => span >= 2 * each) ?? units.at(-1)!;
  return `${Math.round(span / size)}${unit}`;
}

/** Where a time lies from now: `5m ago`, `in 23h`. */
export function relativeText(at: number, now: number): string {
  return at > now ? `in ${spanText(at - now)}` : `${spanText(now - at)} ago`;
}

/** A time in full: local, with its distance from now. */
export function timeText(at: number, now: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)} (${relativeText(at, now)})`;
}
