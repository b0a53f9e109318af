const seconds = /^(\d+(?:\.\d+)?)\s*(?:,|$)/;
// `Date.parse` also makes dates of numbers, most of them long ago.
const date = /^(?:mon|tue|wed|thu|fri|sat|sun)/i;

/** Milliseconds that a `Retry-After` header asks to wait: seconds, or an HTTP date. Undefined if it says neither.
 * One that was sent twice counts as the first. */
export function retryAfterMs(header: string | null, now: number = Date.now()): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const asked = seconds.exec(text)?.[1];
  if (asked !== undefined) return Number(asked) * 1_000;
  const until = date.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(until) ? undefined : Math.max(0, until - now);
}
