import { types } from 'node:util';
import { binaryTypeOf } from './binary.ts';
import { isPrototype } from './realm.ts';
import { propertyStep, Refusal, refuse, refusedAt } from './refusal.ts';
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
  if (types.isDate(value) && isPrototype(prototype, Date.prototype)) {
    return escapeDate(value, walk);
  }
  if (types.isMap(value) && isPrototype(prototype, Map.prototype)) {
    return escapeMap(value, walk, depth, escapePart);
  }
  if (types.isSet(value) && isPrototype(prototype, Set.prototype)) {
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

// Parts of maps and sets are named by their position: keys of maps are data, and data stays out of
// messages.

function escapeMap(
  map: ReadonlyMap<unknown, unknown>,
  walk: Walk,
  depth: number,
  escapePart: EscapePart,
): unknown {
  refuseProperties(map);
  const entries: unknown[] = [];
  let list = '';
  try {
    for (const [key, value] of map) {
      spend(walk, 2);
      list = '.keys()';
      const escapedKey = escapePart(key, walk, depth + 1);
      list = '.values()';
      entries.push(escapedKey, escapePart(value, walk, depth + 1));
    }
  } catch (error) {
    throw refusedAt(error, map, `${list}[${entries.length / 2}]`);
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
    throw refusedAt(error, set, `.values()[${elements.length}]`);
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
  const refusal = new Refusal('a property added to a built-in; return it beside the built-in');
  throw refusedAt(refusal, value, propertyStep(key));
}
