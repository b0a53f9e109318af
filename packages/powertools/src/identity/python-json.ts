import { pythonFloat } from './python-number.ts';

type Reviver = (
  this: unknown,
  name: string,
  value: unknown,
  context: { source?: string },
) => unknown;

/**
 * Reads JSON as Python does, for keys that Python hashed: whole numbers that are written as floats
 * (`12.0`, `1e3`) stay floats, and those beyond 2^53 become bigints.
 *
 * @example
 * ```ts
 * import { pythonJson } from '@twiceproof/powertools';
 *
 * const key = (event: { body: string }) => pythonJson(event.body);
 * ```
 */
export function pythonJson(text: string): unknown {
  return JSON.parse(text, marked as Reviver as never);
}

function marked(_name: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  if (/[.eE]/.test(source)) return Number.isInteger(value) ? pythonFloat(value) : value;
  // Python has no negative zero among its whole numbers.
  return Number.isSafeInteger(value) ? value + 0 : BigInt(source);
}

/** Reads a result that Python recorded; its whole numbers beyond 2^53 become bigints. */
export function pythonResult(text: string): unknown {
  return JSON.parse(text, exact as Reviver as never);
}

function exact(_name: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined || Number.isSafeInteger(value))
    return value;
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}
