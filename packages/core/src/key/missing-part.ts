import { kinds } from '../node-modules.ts';
import { isBlank } from '../values/blank-text.ts';
import { isPlainObject } from '../values/object-kind.ts';
import {
  entrySegment,
  indexSegment,
  joinPath,
  memberSegment,
  propertySegment,
} from '../values/value-path.ts';
import { maxCanonicalLength, maxDepth } from './canonical.ts';

/**
 * The path of the first part of a key that says nothing, in the order in which it is written down:
 * `''` for the key itself, undefined when nothing is missing. Null, undefined, blank text and empty
 * lists, objects, Maps, Sets and bytes say nothing: everybody's would be one key.
 *
 * It looks into arrays, plain objects, Maps and Sets. A key that cannot be looked through (too deep,
 * too large, a getter that throws) has nothing missing here: encoding it says what is wrong.
 */
export function missingPart(key: unknown): string | undefined {
  if (typeof key === 'string') return isBlank(key) ? '' : undefined;
  if (key === null || key === undefined) return '';
  if (typeof key !== 'object') return undefined;
  try {
    // Each value takes a character at least, so that no key which can be encoded has more of them.
    const segments = search(key, 0, { left: maxCanonicalLength });
    return segments && joinPath(segments);
  } catch {
    return undefined;
  }
}

/** Counts down over the whole search: values that share parts could otherwise keep it busy for ever. */
interface Budget {
  left: number;
}

/** The segments that lead to the first missing value. Throws when there is no end in sight. */
function search(value: unknown, depth: number, budget: Budget): string[] | undefined {
  if (typeof value === 'string') return isBlank(value) ? [] : undefined;
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return undefined;
  if (depth >= maxDepth) throw new RangeError('too deep');
  budget.left -= 1;
  if (budget.left < 0) throw new RangeError('too large');

  if (Array.isArray(value)) {
    if (value.length === 0) return [];
    for (let index = 0; index < value.length; index += 1) {
      const found = search(value[index], depth + 1, budget);
      if (found) return [indexSegment(index), ...found];
    }
    return undefined;
  }
  if (kinds.isMap(value)) return searchMap(value, depth, budget);
  if (kinds.isSet(value)) return searchSet(value, depth, budget);
  if (kinds.isUint8Array(value)) return value.byteLength === 0 ? [] : undefined;
  if (!isPlainObject(value)) return undefined;
  const names = Object.keys(value);
  if (names.length === 0) return [];
  for (const name of names) {
    const found = search((value as Record<string, unknown>)[name], depth + 1, budget);
    if (found) return [propertySegment(name), ...found];
  }
  return undefined;
}

function searchMap(
  map: Map<unknown, unknown>,
  depth: number,
  budget: Budget,
): string[] | undefined {
  let index = 0;
  for (const entry of Map.prototype.entries.call(map) as MapIterator<[unknown, unknown]>) {
    for (const side of [0, 1] as const) {
      const found = search(entry[side], depth + 1, budget);
      if (found) return [entrySegment(index, side), ...found];
    }
    index += 1;
  }
  return index === 0 ? [] : undefined;
}

function searchSet(set: Set<unknown>, depth: number, budget: Budget): string[] | undefined {
  let index = 0;
  for (const member of Set.prototype.values.call(set) as SetIterator<unknown>) {
    const found = search(member, depth + 1, budget);
    if (found) return [memberSegment(index), ...found];
    index += 1;
  }
  return index === 0 ? [] : undefined;
}
