import { invalidOption, shown } from './options/option-checks.ts';

/** Milliseconds, or a number with a unit: `'300ms'`, `'30s'`, `'15m'`, `'24h'`, `'7d'`. */
export type Duration =
  | number
  | `${number}ms`
  | `${number}s`
  | `${number}m`
  | `${number}h`
  | `${number}d`;

// Far beyond any use, and far from where times could no longer be written as dates.
const longestMs = 365_000 * 86_400_000;

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Milliseconds of a duration, rounded up to a whole number: more than 0, and at most `'365000d'`
 * (1,000 years). Throws `OPTIONS_INVALID` naming `option` for anything else.
 *
 * @example
 * ```ts
 * import { durationMs } from '@twiceproof/core';
 *
 * durationMs('1.5h', 'lease'); // 5_400_000
 * ```
 */
export function durationMs(duration: Duration, option: string): number {
  const ms = typeof duration === 'string' ? parse(duration) : duration;
  if (typeof ms === 'number' && ms > 0 && ms <= longestMs) return Math.ceil(ms);
  throw invalidOption(
    typeof ms === 'number' && ms > longestMs
      ? `${option} is ${shown(duration)}; give at most '365000d', which is 1,000 years`
      : `${option} is ${shown(duration)}; give positive milliseconds or a string such as '300ms', '30s', '15m', '24h', '7d'`,
  );
}

function parse(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  return match ? Number(match[1]) * unitMs[match[2] as keyof typeof unitMs] : undefined;
}
