import { isBlank } from '../values/blank-text.ts';
import { maxCanonicalLength } from './canonical.ts';
import { sortedNames } from './sorted-names.ts';

/** The canonical text of plain data, and what its walk has seen on the way. */
export interface PlainText {
  readonly text: string;
  /** Whether a part says nothing: null, blank text, an empty list or object. */
  readonly lacksParts: boolean;
}

/** Deeper, larger or longer values are rare, and their limits are the writer's to tell. */
const mostLevels = 60;
const mostParts = 2 ** 14;
const mostCharacters = 2 ** 18;

const unusual = Symbol('unusual');

interface Walk {
  partsLeft: number;
  charactersLeft: number;
  lacksParts: boolean;
}

/**
 * The same as `encodeCanonical` for nearly every key there is, at a third of its price: a copy of the value
 * with its names in order, written by one `JSON.stringify`. Undefined for whatever is not plain JSON data
 * of this realm, for the writer to encode or to refuse.
 */
export function plainText(value: object): PlainText | undefined {
  // Something that changes what JSON.stringify writes of every object.
  if ('toJSON' in Array.prototype) return undefined;
  const walk: Walk = {
    partsLeft: mostParts,
    charactersLeft: mostCharacters,
    lacksParts: false,
  };
  let copy: unknown;
  try {
    copy = copyOfObject(value, 0, walk);
  } catch {
    return undefined;
  }
  if (copy === unusual) return undefined;
  const text = JSON.stringify(copy);
  // A lone surrogate, or text that looks like one's escape.
  if (text.includes('\\ud') || text.length > maxCanonicalLength) return undefined;
  return { text, lacksParts: walk.lacksParts };
}

function copyOf(value: unknown, depth: number, walk: Walk): unknown {
  switch (typeof value) {
    case 'string':
      walk.charactersLeft -= value.length;
      if (isBlank(value)) walk.lacksParts = true;
      return value;
    case 'number':
      return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : unusual;
    case 'boolean':
      return value;
    case 'object':
      if (value !== null) return copyOfObject(value, depth, walk);
      walk.lacksParts = true;
      return null;
    default:
      return unusual;
  }
}

function copyOfObject(value: object, depth: number, walk: Walk): unknown {
  if (depth === mostLevels || walk.charactersLeft < 0) return unusual;
  if (Object.getOwnPropertySymbols(value).length > 0) return unusual;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    return copyOfRecord(value as Record<string, unknown>, depth, walk);
  }
  const isList = prototype === Array.prototype && Array.isArray(value);
  return isList ? copyOfList(value, depth, walk) : unusual;
}

function copyOfRecord(source: Record<string, unknown>, depth: number, walk: Walk): unknown {
  // An array may have lost its prototype.
  if (Array.isArray(source)) return unusual;
  const { names, keepOrder } = sortedNames(source);
  if (!keepOrder) return unusual;
  walk.partsLeft -= names.length;
  if (walk.partsLeft < 0) return unusual;
  if (names.length === 0) walk.lacksParts = true;
  const copy: Record<string, unknown> = {};
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!;
    const part = copyOf(source[name], depth + 1, walk);
    if (part === unusual) return unusual;
    copy[name] = part;
  }
  return copy;
}

function copyOfList(source: readonly unknown[], depth: number, walk: Walk): unknown {
  // Named properties make it longer; a hole is undefined below, and so unusual.
  const copy: unknown[] = Object.values(source);
  if (copy.length !== source.length) return unusual;
  walk.partsLeft -= copy.length;
  if (walk.partsLeft < 0) return unusual;
  if (copy.length === 0) walk.lacksParts = true;
  for (let index = 0; index < copy.length; index++) {
    const part = copyOf(source[index], depth + 1, walk);
    if (part === unusual) return unusual;
    copy[index] = part;
  }
  return copy;
}
