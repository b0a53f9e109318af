import { isDirectInstance, isObjectPrototype } from '../values/object-kind.ts';
import { Refusal } from '../values/refusal.ts';
import { indexSegment, propertySegment } from '../values/value-path.ts';
import { escapeBuiltin } from './escape-builtin.ts';
import { escapeEntries } from './escape-entries.ts';
import { escapeTyped } from './escape-typed.ts';
import { MAX_VALUE_DEPTH } from './limits.ts';
import { refuse, refusedAt } from './refusal.ts';
import { refuseSymbolKeys } from './symbol-keys.ts';
import { TAG } from './tags.ts';
import { isPlainKey, isPlainText } from './text.ts';
import { spend, tagged, type Walk } from './walk.ts';

/**
 * The value in a form that msgpack carries exactly: the value itself where it is plain, or else a
 * copy with tags. Nothing is copied that needs no tag.
 */
export function escapeValue(value: unknown, walk: Walk, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return escapeText(value, walk);
    case 'number':
      return value === 0 && 1 / value < 0 ? tagged(walk, TAG.negativeZero, null) : value;
    case 'boolean':
      return value;
    case 'undefined':
      return tagged(walk, TAG.undefined, null);
    case 'bigint': {
      const digits = value.toString(16);
      spend(walk, digits.length);
      return tagged(walk, TAG.bigint, digits);
    }
    case 'object':
      return value === null ? null : escapeObject(value, walk, depth);
    default:
      throw refuse(value);
  }
}

export function escapeText(text: string, walk: Walk): unknown {
  spend(walk, text.length);
  return isPlainText(text) ? text : tagged(walk, TAG.text, JSON.stringify(text));
}

function escapeObject(value: object, walk: Walk, depth: number): unknown {
  if (depth >= MAX_VALUE_DEPTH) {
    throw new Refusal(`nested deeper than ${MAX_VALUE_DEPTH} levels`, 'return flatter data');
  }
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null) {
    refuseSymbolKeys(value);
    return escapeEntries(TAG.bareObject, [], value, walk, depth, escapeValue);
  }
  if (isObjectPrototype(prototype)) {
    return escapeRecord(value as Record<string, unknown>, walk, depth);
  }
  if (Array.isArray(value) && isDirectInstance(value, Array))
    return escapeArray(value, walk, depth);
  return (
    escapeTyped(value, walk, depth, escapeValue) ??
    escapeBuiltin(value, prototype, walk, depth, escapeValue)
  );
}

function escapeRecord(
  source: Record<string, unknown>,
  walk: Walk,
  depth: number,
): Record<string, unknown> {
  refuseSymbolKeys(source);
  const keys = Object.keys(source);
  let room = keys.length;
  for (const key of keys) {
    // Looked at before any value: walking values twice would take exponential time when nested.
    if (!isPlainKey(key)) return escapeEntries(TAG.object, [], source, walk, depth, escapeValue);
    room += key.length;
  }
  spend(walk, room);
  let copy: Record<string, unknown> | undefined;
  let key = '';
  try {
    for (let index = 0; index < keys.length; index++) {
      key = keys[index]!;
      const value = source[key];
      const escaped = escapeValue(value, walk, depth + 1);
      if (copy === undefined && !Object.is(escaped, value)) copy = copyOf(source, keys, index);
      if (copy !== undefined) copy[key] = escaped;
    }
  } catch (error) {
    throw refusedAt(error, source, propertySegment(key));
  }
  return copy ?? source;
}

function copyOf(
  source: Record<string, unknown>,
  keys: readonly string[],
  count: number,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (let index = 0; index < count; index++) copy[keys[index]!] = source[keys[index]!];
  return copy;
}

function escapeArray(source: readonly unknown[], walk: Walk, depth: number): unknown {
  refuseSymbolKeys(source);
  if (isIrregular(source)) {
    return escapeEntries(TAG.array, [source.length], source, walk, depth, escapeValue);
  }
  spend(walk, source.length);
  let copy: unknown[] | undefined;
  let index = 0;
  try {
    for (; index < source.length; index++) {
      const value = source[index];
      const escaped = escapeValue(value, walk, depth + 1);
      if (copy === undefined && !Object.is(escaped, value)) copy = source.slice(0, index);
      if (copy !== undefined) copy.push(escaped);
    }
  } catch (error) {
    throw refusedAt(error, source, indexSegment(index));
  }
  return copy ?? source;
}

/** Tells an array with holes or named properties. `Object.values` makes no strings of the indices,
 * which is five times faster than `Object.keys` on long arrays. */
function isIrregular(source: readonly unknown[]): boolean {
  if (Object.values(source).length !== source.length) return true;
  // As many holes as named properties would add up; a hole reads as undefined.
  return (
    source.includes(undefined) && Object.keys(source).some((key, index) => key !== String(index))
  );
}
