import { IdempotencyError } from '../errors.ts';

/**
 * The error that refuses an option (`OPTIONS_INVALID`), with the reason and what to give instead.
 *
 * @example
 * ```ts
 * import { invalidOption, shown } from '@twiceproof/core/toolkit';
 *
 * export function checkPrefix(prefix: unknown): void {
 *   if (typeof prefix === 'string' && prefix !== '') return;
 *   throw invalidOption(`prefix is ${shown(prefix)}; give a text`);
 * }
 * ```
 */
export function invalidOption(
  message: string,
  cause?: unknown,
): IdempotencyError<'OPTIONS_INVALID'> {
  return new IdempotencyError('OPTIONS_INVALID', message, cause === undefined ? {} : { cause });
}

/**
 * Throws `OPTIONS_INVALID` for what is no set of options, and for every name that is not an option, with the
 * nearest one that is.
 *
 * @example
 * ```ts
 * import { checkCount, checkFunction, checkNames, checkOneOf, checkSwitch } from '@twiceproof/core/toolkit';
 *
 * export function checkOptions(options: {
 *   client: object;
 *   batch?: number;
 *   mode?: 'fast' | 'safe';
 *   notify?: boolean;
 *   onWarning?: () => void;
 * }): void {
 *   checkNames(options, ['client', 'batch', 'mode', 'notify', 'onWarning'], 'myStore');
 *   checkCount(options.batch ?? 64, 'batch', 1_000);
 *   checkOneOf(options.mode ?? 'safe', ['fast', 'safe'], 'mode');
 *   checkSwitch(options.notify ?? true, 'notify');
 *   checkFunction(options.onWarning, 'onWarning', 'a warning');
 * }
 * ```
 */
export function checkNames(options: object, known: readonly string[], where: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidOption(`${where} was given ${shown(options)}; give an object of options`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw invalidOption(
      `${where} has no option '${name}'; ${near ? `did you mean '${near}'?` : `it has ${known.join(', ')}`}`,
    );
  }
}

/** Throws `OPTIONS_INVALID` unless `value` is one of `allowed`. */
export function checkOneOf(value: unknown, allowed: readonly unknown[], option: string): void {
  if (allowed.includes(value)) return;
  throw invalidOption(`${option} is ${shown(value)}; give ${allowed.map(shown).join(' or ')}`);
}

/** Throws `OPTIONS_INVALID` unless `value` is a function or undefined. */
export function checkFunction(value: unknown, option: string, of = 'the arguments'): void {
  if (value === undefined || typeof value === 'function') return;
  throw invalidOption(`${option} is ${shown(value)}; give a function of ${of}`);
}

/** Throws `OPTIONS_INVALID` unless `value` is true or false. */
export function checkSwitch(value: unknown, option: string): void {
  checkOneOf(value, [true, false], option);
}

/** Throws `OPTIONS_INVALID` unless `value` is a whole number from 1 to `most`. */
export function checkCount(
  value: unknown,
  option: string,
  most: number = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? 'of 1 or more' : `from 1 to ${most}`;
  throw invalidOption(`${option} is ${shown(value)}; give a whole number ${range}`);
}

/** Throws `OPTIONS_INVALID` unless `value` is a string or undefined. */
export function checkText(value: unknown, option: string): void {
  if (value === undefined || typeof value === 'string') return;
  throw invalidOption(`${option} is ${shown(value)}; give text, or leave it out`);
}

/** Throws `OPTIONS_INVALID` unless `value` is an abort signal or undefined. */
export function checkSignal(value: unknown, option: string): void {
  if (value === undefined || typeof (value as AbortSignal)?.throwIfAborted === 'function') return;
  throw invalidOption(`${option} is ${shown(value)}; give the signal of an AbortController`);
}

/** A value as it may stand in a message: scalars as written, the rest by type. */
export function shown(value: unknown): string {
  // An address may hold a password.
  if (typeof value === 'string') return `'${value.replace(/:\/\/.+/s, '://…').slice(0, 80)}'`;
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'an array' : 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const scored = known.map((option) => ({
    option,
    distance: distance(name.toLowerCase(), option.toLowerCase()),
  }));
  const best = scored.sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= Math.max(2, name.length / 3) ? best.option : undefined;
}

function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
