import { IdempotencyError } from './errors.ts';

/** Milliseconds, or a number with a unit: `'300ms'`, `'30s'`, `'15m'`, `'24h'`, `'7d'`. */
export type Duration =
  | number
  | `${number}ms`
  | `${number}s`
  | `${number}m`
  | `${number}h`
  | `${number}d`;

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration. Throws `OPTIONS_INVALID` naming `option` for anything else. */
export function durationMs(duration: Duration, option: string): number {
  const ms = typeof duration === 'string' ? parse(duration) : duration;
  if (typeof ms !== 'number' || !Number.isFinite(ms) || ms <= 0) {
    throw new IdempotencyError(
      'OPTIONS_INVALID',
      `${option} is ${describe(duration)}; give positive milliseconds or a string such as '300ms', '30s', '15m', '24h', '7d'`,
    );
  }
  return Math.ceil(ms);
}

function parse(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  return match ? Number(match[1]) * unitMs[match[2] as keyof typeof unitMs] : undefined;
}

function describe(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
