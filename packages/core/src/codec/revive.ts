import { indexSegment, propertySegment } from '../values/value-path.ts';
import { binaryFrom } from './binary.ts';
import { Malformed } from './corrupt.ts';
import { foundAt, foundInTag } from './revive-path.ts';
import { reviveTyped } from './revive-typed.ts';
import { TAG } from './tags.ts';
import type { Types } from './type-codec.ts';

/** Turns the tags inside a decoded body into their values, in place. Throws {@link Malformed}. */
export function revive(value: unknown, types: Types | undefined): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) {
    let index = 0;
    try {
      for (; index < value.length; index++) value[index] = revive(value[index], types);
    } catch (error) {
      throw foundAt(error, indexSegment(index));
    }
    return value;
  }
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record);
  for (const key of keys) {
    if (key.charCodeAt(0) === 0) {
      if (keys.length !== 1) throw malformed();
      return reviveTag(key, revivePayload(key, record[key], types), types);
    }
    try {
      record[key] = revive(record[key], types);
    } catch (error) {
      throw foundAt(error, propertySegment(key));
    }
  }
  return record;
}

function revivePayload(tag: string, payload: unknown, types: Types | undefined): unknown {
  try {
    return revive(payload, types);
  } catch (error) {
    throw foundInTag(error, tag, payload);
  }
}

function reviveTag(tag: string, payload: unknown, types: Types | undefined): unknown {
  switch (tag) {
    case TAG.undefined:
      return undefined;
    case TAG.negativeZero:
      return -0;
    case TAG.bigint:
      return reviveBigint(payload);
    case TAG.text:
      return reviveText(payload);
    case TAG.date:
      if (payload !== null && typeof payload !== 'number') throw malformed();
      return new Date(payload ?? Number.NaN);
    case TAG.map:
      return new Map(pairs(list(payload)));
    case TAG.set:
      return new Set(list(payload));
    case TAG.object:
      return defineEntries({}, list(payload));
    case TAG.bareObject:
      return defineEntries(Object.create(null), list(payload));
    case TAG.array:
      return reviveArray(list(payload));
    case TAG.binary:
      return reviveBinary(list(payload));
    case TAG.typed:
      return reviveTyped(payload, types);
    default:
      throw malformed();
  }
}

function reviveBigint(payload: unknown): bigint {
  if (typeof payload !== 'string' || !/^-?[0-9a-f]+$/.test(payload)) throw malformed();
  return payload.startsWith('-') ? -BigInt(`0x${payload.slice(1)}`) : BigInt(`0x${payload}`);
}

function reviveText(payload: unknown): string {
  const text: unknown = typeof payload === 'string' ? JSON.parse(payload) : undefined;
  if (typeof text !== 'string') throw malformed();
  return text;
}

function reviveArray([length, ...entries]: readonly unknown[]): unknown[] {
  if (typeof length !== 'number' || length >>> 0 !== length) throw malformed();
  const array: unknown[] = [];
  // V8 reserves memory for a length of up to 32 million, and none for the elements of an array that
  // once was longer; a few bytes must not be able to take hundreds of megabytes.
  array.length = 2 ** 32 - 1;
  array.length = length;
  defineEntries(array, entries);
  if (array.length !== length) throw malformed();
  return array;
}

function reviveBinary([type, bytes]: readonly unknown[]): unknown {
  if (typeof type !== 'string' || !(bytes instanceof Uint8Array)) throw malformed();
  return binaryFrom(type, bytes as Uint8Array<ArrayBuffer>) ?? unknownBinary(type);
}

function defineEntries(target: object, entries: readonly unknown[]): object {
  for (const [key, value] of pairs(entries)) {
    if (typeof key !== 'string') throw malformed();
    Object.defineProperty(target, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return target;
}

function* pairs(entries: readonly unknown[]): Generator<[unknown, unknown]> {
  if (entries.length % 2 !== 0) throw malformed();
  for (let index = 0; index < entries.length; index += 2) {
    yield [entries[index], entries[index + 1]];
  }
}

function list(payload: unknown): readonly unknown[] {
  if (!Array.isArray(payload)) throw malformed();
  return payload;
}

function malformed(): Malformed {
  return new Malformed('it holds a tagged value that Twiceproof does not write');
}

function unknownBinary(type: string): never {
  throw new Malformed(`it holds a binary type that this Node does not have (${type.slice(0, 40)})`);
}
