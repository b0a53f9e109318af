import { types } from 'node:util';
import { IdempotencyError } from '../errors.ts';
import { clipText } from './text.ts';

const maxPathBytes = 400;

/**
 * Why a value cannot be recorded. Containers add themselves while it passes through them, so that
 * a value without fault pays nothing for its path.
 */
export class Refusal {
  readonly what: string;
  readonly cause: unknown;
  /** Set when nesting was too deep, which is also how a cycle shows. */
  readonly tooDeep: boolean;
  /** From the value at fault outwards. */
  readonly trail: { readonly container: object; readonly step: string }[] = [];

  constructor(what: string, options: { tooDeep?: boolean; cause?: unknown } = {}) {
    this.what = what;
    this.tooDeep = options.tooDeep ?? false;
    this.cause = options.cause;
  }
}

/** What a container rethrows: the refusal of a part, or its own when reading the part threw. */
export function refusedAt(error: unknown, container: object, step: string): Refusal {
  const refusal =
    error instanceof Refusal
      ? error
      : new Refusal('reading it throws; return plain data', { cause: error });
  refusal.trail.push({ container, step });
  return refusal;
}

export function unserializable(refusal: Refusal): IdempotencyError<'RESULT_UNSERIALIZABLE'> {
  const trail = refusal.trail.toReversed();
  const cycleEnd = refusal.tooDeep ? endOfCycle(trail.map(({ container }) => container)) : -1;
  const what =
    cycleEnd < 0
      ? refusal.what
      : 'it refers back to an object that contains it; return data without cycles';
  const steps = (cycleEnd < 0 ? trail : trail.slice(0, cycleEnd)).map(({ step }) => step);
  const path = clipText(steps.join('').replace(/^\./, ''), maxPathBytes);
  return new IdempotencyError(
    'RESULT_UNSERIALIZABLE',
    path === '' ? `the result cannot be recorded: ${what}` : ` at ${path}: ${what}`,
    refusal.cause === undefined ? { path } : { path, cause: refusal.cause },
  );
}

/** Index of the first container that contains itself; -1 if there is none. */
function endOfCycle(containers: readonly object[]): number {
  const seen = new Set<object>();
  return containers.findIndex((container) => {
    if (seen.has(container)) return true;
    seen.add(container);
    return false;
  });
}

export function propertyStep(key: string): string {
  if (/^(?:0|[1-9]\d{0,9})$/.test(key)) return `[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(clipText(key, 100))}]`;
}

/** The name of a value's class, or of its primitive type. Never throws. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  try {
    const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
    if (typeof name === 'string' && name !== '') return clipText(name, 100);
  } catch {
    // A proxy or a getter may throw; the built-in name is the next best.
  }
  try {
    return clipText(Object.prototype.toString.call(value).slice(8, -1), 100);
  } catch {
    return 'object';
  }
}

/** A refusal of something that is no plain data, with what to return in its place. */
export function refuse(value: unknown): Refusal {
  if (typeof value === 'function') return new Refusal('function; return plain data');
  if (typeof value === 'symbol') return new Refusal('symbol; return a string instead');
  return new Refusal(`${typeName(value)} ${remedy(value as object)}`);
}

function remedy(value: object): string {
  if (types.isPromise(value) || has(value, 'then')) return 'is a promise; await it first';
  if (types.isNativeError(value)) {
    return "is an Error; throw it with failure: 'record', or return its name and message";
  }
  if (types.isBoxedPrimitive(value)) return 'is a boxed primitive; return the primitive itself';
  if (has(value, 'pipe') || has(value, 'getReader')) {
    return 'is a stream; read it to its end and return the content';
  }
  if (has(value, 'toJSON')) return 'is a class instance; return what its toJSON() gives';
  return 'is a class instance; return the plain data of it that a replay needs';
}

function has(value: object, method: string): boolean {
  try {
    return typeof (value as Record<string, unknown>)[method] === 'function';
  } catch {
    return false;
  }
}
