import { invalidOption, plainText } from '@twiceproof/core/toolkit';
import { ExactNumber } from './exact-json.ts';

/** Far deeper than any payload, and far from where the stack would end. */
const maxDepth = 500;

/**
 * JSON text in which the order of properties does not matter. Undefined for what is nested too deep to
 * be looked at. Throws `OPTIONS_INVALID` for what a parser has made of a body and JSON cannot hold.
 */
export function canonicalJson(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null) {
    // Most payloads are plain data, which the native writer writes several times faster.
    const plain = plainText(value);
    if (plain) return plain.text;
  }
  return writtenOut(value);
}

/** The same text, written piece by piece. */
export function writtenOut(value: unknown): string | undefined {
  try {
    return write(value, 0);
  } catch (error) {
    if (error instanceof TooDeep) return undefined;
    throw error;
  }
}

class TooDeep extends Error {}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : writeObject(value, depth);
    case 'undefined':
      return 'null';
    default:
      throw unreadable(typeof value);
  }
}

function writeObject(value: object, depth: number): string {
  if (depth > maxDepth) throw new TooDeep();
  if (Array.isArray(value)) return writeArray(value, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    if (value instanceof ExactNumber) return value.digits;
    if (value instanceof Uint8Array) return quote(Buffer.from(value).toString('base64url'));
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return write(toJSON.call(value), depth + 1);
  }
  let out = '';
  for (const name of sortedNames(value)) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined) continue;
    out += `${out === '' ? '' : ','}${quote(name)}:${write(member, depth + 1)}`;
  }
  return `{${out}}`;
}

function writeArray(items: readonly unknown[], depth: number): string {
  let out = '';
  for (let index = 0; index < items.length; index += 1) {
    out += `${index === 0 ? '' : ','}${write(items[index], depth + 1)}`;
  }
  return `[${out}]`;
}

/** Most objects come with few names, and many in order. */
function sortedNames(value: object): readonly string[] {
  const names = Object.keys(value);
  for (let index = 1; index < names.length; index += 1) {
    if (names[index - 1]! > names[index]!) return names.sort();
  }
  return names;
}

const needsNoEscape = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

function quote(text: string): string {
  return needsNoEscape.test(text) ? `"${text}"` : JSON.stringify(text);
}

function unreadable(kind: string): Error {
  return invalidOption(
    `the parsed body holds a ${kind}, so it is no payload that can be compared; give fingerprint, a function of the request that names what must not change`,
  );
}
