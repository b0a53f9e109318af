import { kinds } from '../node-modules.ts';
import { isDirectInstance } from '../values/object-kind.ts';
import { Refusal } from '../values/refusal.ts';
import { entrySegment, memberSegment, propertySegment } from '../values/value-path.ts';
import { binaryTypeOf } from './binary.ts';
import { refuse, refusedAt } from './refusal.ts';
import { refuseSymbolKeys } from './symbol-keys.ts';
import { TAG } from './tags.ts';
import { type EscapePart, spend, tagged, type Walk } from './walk.ts';

/** Every object that is neither an ordinary one nor an array: a built-in with a tag, or refused. */
export function escapeBuiltin(
  value: object,
  prototype: object,
  walk: Walk,
  depth: number,
  escapePart: EscapePart,
): unknown {
  if (kinds.isDate(value) && isDirectInstance(value, Date)) {
    return escapeDate(value, walk);
  }
  if (kinds.isMap(value) && isDirectInstance(value, Map)) {
    return escapeMap(value, walk, depth, escapePart);
  }
  if (kinds.isSet(value) && isDirectInstance(value, Set)) {
    return escapeSet(value, walk, depth, escapePart);
  }
  const type = binaryTypeOf(value, prototype);
  if (type === undefined) throw refuse(value);
  return escapeBinary(value as ArrayBuffer | ArrayBufferView, type, walk);
}

function escapeDate(date: Date, walk: Walk): unknown {
  refuseProperties(date);
  const time = Date.prototype.getTime.call(date);
  return tagged(walk, TAG.date, Number.isNaN(time) ? null : time);
}

function escapeMap(
  map: ReadonlyMap<unknown, unknown>,
  walk: Walk,
  depth: number,
  escapePart: EscapePart,
): unknown {
  refuseProperties(map);
  const entries: unknown[] = [];
  let side: 0 | 1 = 0;
  try {
    for (const [key, value] of map) {
      spend(walk, 2);
      side = 0;
      const escapedKey = escapePart(key, walk, depth + 1);
      side = 1;
      entries.push(escapedKey, escapePart(value, walk, depth + 1));
    }
  } catch (error) {
    throw refusedAt(error, map, entrySegment(entries.length / 2, side));
  }
  return tagged(walk, TAG.map, entries);
}

function escapeSet(
  set: ReadonlySet<unknown>,
  walk: Walk,
  depth: number,
  escapePart: EscapePart,
): unknown {
  refuseProperties(set);
  const elements: unknown[] = [];
  try {
    for (const element of set) {
      spend(walk, 1);
      elements.push(escapePart(element, walk, depth + 1));
    }
  } catch (error) {
    throw refusedAt(error, set, memberSegment(elements.length));
  }
  return tagged(walk, TAG.set, elements);
}

function escapeBinary(value: ArrayBuffer | ArrayBufferView, type: string, walk: Walk): unknown {
  spend(walk, value.byteLength);
  walk.binaries += value.byteLength + 1;
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
  return type === 'Uint8Array' ? bytes : tagged(walk, TAG.binary, [type, bytes]);
}

/** Looked at where it costs little, so not on typed arrays. */
function refuseProperties(value: object): void {
  refuseSymbolKeys(value);
  const [key] = Object.keys(value);
  if (key === undefined) return;
  const refusal = new Refusal('a property added to a built-in', 'return it beside the built-in');
  throw refusal.within(value, propertySegment(key));
}
