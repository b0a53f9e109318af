import { IdempotencyError } from '../errors.ts';
import { kinds } from '../node-modules.ts';
import { clipText } from '../values/clip-text.ts';
import { className } from '../values/object-kind.ts';
import { Refusal } from '../values/refusal.ts';

const maxPathBytes = 400;

/** What a container rethrows: the refusal of a part, or its own when reading the part threw. */
export function refusedAt(thrown: unknown, container: object, segment: string): Refusal {
  const refusal =
    thrown instanceof Refusal
      ? thrown
      : new Refusal('reading it throws', 'return plain data', { cause: thrown });
  return refusal.within(container, segment);
}

export function unserializable(refusal: Refusal): IdempotencyError<'RESULT_UNSERIALIZABLE'> {
  const { cycle } = refusal;
  const what = cycle
    ? 'it refers back to an object that contains it; return data without cycles'
    : `${refusal.what}; ${refusal.advice}`;
  const path = clipText(cycle ? cycle.to : refusal.path, maxPathBytes);
  return new IdempotencyError(
    'RESULT_UNSERIALIZABLE',
    path === '' ? `the result cannot be recorded: ${what}` : ` at ${path}: ${what}`,
    { ...refusal.details, path },
  );
}

/** The name of a value's class, or of its primitive type. Never throws. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  try {
    return className(value) ?? clipText(Object.prototype.toString.call(value).slice(8, -1), 100);
  } catch {
    return 'object';
  }
}

/** A refusal of something that is no plain data, with what to return in its place. */
export function refuse(value: unknown): Refusal {
  if (typeof value === 'function') return new Refusal('function', 'return plain data');
  if (typeof value === 'symbol') return new Refusal('symbol', 'return a string instead');
  const [kind, advice] = kindOf(value as object);
  return new Refusal(`${typeName(value)} is ${kind}`, advice);
}

function kindOf(value: object): readonly [kind: string, advice: string] {
  if (kinds.isPromise(value) || has(value, 'then')) return ['a promise', 'await it first'];
  if (kinds.isNativeError(value)) {
    return ['an Error', "throw it with failure: 'record', or return its name and message"];
  }
  if (kinds.isBoxedPrimitive(value)) return ['a boxed primitive', 'return the primitive itself'];
  if (has(value, 'pipe') || has(value, 'getReader')) {
    return ['a stream', 'read it to its end and return the content'];
  }
  if (has(value, 'toJSON')) return ['a class instance', 'return what its toJSON() gives'];
  return ['a class instance', 'return the plain data of it that a replay needs'];
}

function has(value: object, method: string): boolean {
  try {
    return typeof (value as Record<string, unknown>)[method] === 'function';
  } catch {
    return false;
  }
}
