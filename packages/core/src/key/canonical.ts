import { kinds } from '../node-modules.ts';
import { isDirectInstance, isObjectPrototype } from '../values/object-kind.ts';
import { Refusal } from '../values/refusal.ts';
import {
  entrySegment,
  indexSegment,
  memberSegment,
  propertySegment,
} from '../values/value-path.ts';
import { bytesText, dateText, quote } from './canonical-leaf.ts';
import {
  holeRefusal,
  instanceRefusal,
  refuseOwnProperties,
  refuseSymbolNames,
  refuseUnusualArray,
} from './own-properties.ts';
import { refusalOf, type Subject, unsupported } from './refusal.ts';
import { sortedNames } from './sorted-names.ts';

/** Deepest nesting that is encoded: far below what any stack holds, far above what a key needs. */
export const maxDepth = 200;

/** Longest canonical text, in UTF-16 code units: it stops values that share parts so often that
 * writing them out would never end. */
export const maxCanonicalLength: number = 2 ** 24;

/**
 * The canonical text of a value: equal values give equal text, different values different text.
 *
 * Plain JSON gives RFC 8785 text. Date (to the millisecond), bigint, Uint8Array, Map, Set and
 * undefined give forms that begin with `@`, which no JSON does: `{ b: [1, 2n], a: 'x' }` becomes
 * `{"a":"x","b":[1,@bigint(2)]}`. docs/record-id.md lists them. Everything else is refused with
 * `KEY_UNSUPPORTED` and the path of the value at fault.
 */
export function encodeCanonical(value: unknown, subject: Subject = 'key'): string {
  try {
    return withinLength(write('', value, 0));
  } catch (thrown) {
    throw unsupported(refusalOf(thrown), subject);
  }
}

function write(out: string, value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return out + quote(value);
    case 'number':
      // One comparison for the common case; NaN fails it, too.
      if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) throw numberRefusal(value);
      return out + value;
    case 'boolean':
      return out + value;
    case 'object':
      return value === null ? `${out}null` : writeObject(out, value, depth);
    case 'undefined':
      return `${out}@undefined`;
    case 'bigint':
      return `${out}@bigint(${value})`;
    case 'symbol':
      throw new Refusal('a symbol', 'give its text');
    default:
      throw new Refusal('a function', 'leave it out, or give what it returns');
  }
}

/** Beyond 2^53 - 1 many whole numbers have become one before anybody could compare them. */
function numberRefusal(value: number): Refusal {
  return Number.isFinite(value)
    ? new Refusal('a number beyond 2^53 - 1, which may have been rounded', 'give a bigint or text')
    : new Refusal(String(value), 'give a finite number or text');
}

function writeObject(out: string, value: object, depth: number): string {
  if (depth >= maxDepth) {
    throw new Refusal(`a value more than ${maxDepth} levels deep`, 'give fewer, flatter parts');
  }
  if (Array.isArray(value)) return writeArray(out, value, depth);
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null || isObjectPrototype(prototype)) return writePlain(out, value, depth);
  if (kinds.isDate(value)) return out + dateText(value);
  if (kinds.isUint8Array(value)) return out + bytesText(value);
  if (kinds.isMap(value) && isDirectInstance(value, Map)) return writeMap(out, value, depth);
  if (kinds.isSet(value) && isDirectInstance(value, Set)) return writeSet(out, value, depth);
  throw instanceRefusal(value);
}

function writePlain(out: string, object: object, depth: number): string {
  let name: string | undefined;
  try {
    refuseSymbolNames(object);
    const { names, labels } = sortedNames(object);
    if (names.length === 0) return `${out}{}`;
    for (let index = 0; index < names.length; index += 1) {
      name = names[index]!;
      out += labels[index];
      out = withinLength(write(out, (object as Record<string, unknown>)[name], depth + 1));
    }
    return `${out}}`;
  } catch (thrown) {
    throw refusalOf(thrown).within(object, name === undefined ? name : propertySegment(name));
  }
}

function writeArray(out: string, array: readonly unknown[], depth: number): string {
  let index = -1;
  try {
    refuseUnusualArray(array);
    out += '[';
    for (index = 0; index < array.length; index += 1) {
      if (index > 0) out += ',';
      const item = array[index];
      if (item === undefined && !Object.hasOwn(array, index)) throw holeRefusal();
      out = withinLength(write(out, item, depth + 1));
    }
    return `${out}]`;
  } catch (thrown) {
    throw refusalOf(thrown).within(array, index < 0 ? undefined : indexSegment(index));
  }
}

function writeMap(out: string, map: Map<unknown, unknown>, depth: number): string {
  let segment: string | undefined;
  try {
    refuseOwnProperties(map, 'a Map');
    const entries: string[] = [];
    let length = out.length;
    for (const [key, value] of Map.prototype.entries.call(map)) {
      segment = entrySegment(entries.length, 0);
      const keyText = write('', key, depth + 1);
      segment = entrySegment(entries.length, 1);
      const entry = write(`${keyText}:`, value, depth + 1);
      length = addLength(length, entry);
      entries.push(entry);
    }
    return `${out}@map{${entries.sort().join(',')}}`;
  } catch (thrown) {
    throw refusalOf(thrown).within(map, segment);
  }
}

function writeSet(out: string, set: Set<unknown>, depth: number): string {
  let segment: string | undefined;
  try {
    refuseOwnProperties(set, 'a Set');
    const members: string[] = [];
    let length = out.length;
    for (const member of Set.prototype.values.call(set)) {
      segment = memberSegment(members.length);
      const text = write('', member, depth + 1);
      length = addLength(length, text);
      members.push(text);
    }
    return `${out}@set[${members.sort().join(',')}]`;
  } catch (thrown) {
    throw refusalOf(thrown).within(set, segment);
  }
}

function withinLength(out: string): string {
  if (out.length > maxCanonicalLength) throw tooLong();
  return out;
}

function addLength(length: number, text: string): number {
  if (length + text.length > maxCanonicalLength) throw tooLong();
  return length + text.length;
}

function tooLong(): Refusal {
  return new Refusal(
    `a value of more than ${maxCanonicalLength} characters`,
    'give a digest of it instead',
  );
}
