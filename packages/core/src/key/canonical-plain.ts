import { isBlank } from '../values/blank-text.ts';
import { maxCanonicalLength } from './canonical.ts';
import { likelyNames } from './sorted-names.ts';

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
  let copy: object | undefined;
  try {
    copy = copyOf(value, 0, walk);
  } catch {
    return undefined;
  }
  // Names that all objects inherit have passed for their own.
  if (copy === undefined || inheritsNames()) return undefined;
  const text = JSON.stringify(copy);
  // A lone surrogate, or text that looks like one's escape.
  if (text.includes('\\ud') || text.length > maxCanonicalLength) return undefined;
  return { text, lacksParts: walk.lacksParts };
}

function inheritsNames(): boolean {
  for (const _name in Object.prototype) return true;
  return false;
}

/** Undefined for what is unusual, as it is for all of the following. */
function copyOf(value: object, depth: number, walk: Walk): object | undefined {
  if (depth === mostLevels || walk.charactersLeft < 0) return undefined;
  if (Object.getOwnPropertySymbols(value).length > 0) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  // An array may have lost its prototype.
  if (Array.isArray(value)) {
    return prototype === Array.prototype ? copyOfList(value, depth, walk) : undefined;
  }
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  return copyOfRecord(value, depth, walk);
}

function copyOfRecord(source: object, depth: number, walk: Walk): object | undefined {
  const { names, template, isInOrder } = likelyNames(source);
  if (template === undefined) return undefined;
  walk.partsLeft -= names.length;
  if (walk.partsLeft < 0) return undefined;
  if (names.length === 0) walk.lacksParts = true;
  // Reads each value once. All names of the template are there, so that they keep their order.
  const copy: Record<string, unknown> = Object.assign({}, isInOrder ? undefined : template, source);
  let count = 0;
  for (const name in copy) {
    // What looked like this shape has turned out to be none.
    if (name !== names[count++]) return undefined;
    const part = copy[name];
    // Most parts are text.
    if (typeof part === 'string') {
      lookAtText(part, walk);
    } else if (typeof part === 'object' && part !== null) {
      const partCopy = copyOf(part, depth + 1, walk);
      if (partCopy === undefined) return undefined;
      copy[name] = partCopy;
    } else if (!isPlainLeaf(part, walk)) {
      return undefined;
    }
  }
  return copy;
}

function copyOfList(source: readonly unknown[], depth: number, walk: Walk): object | undefined {
  // Named properties make it longer.
  const copy: unknown[] = Object.values(source);
  if (copy.length !== source.length) return undefined;
  walk.partsLeft -= copy.length;
  if (walk.partsLeft < 0) return undefined;
  if (copy.length === 0) walk.lacksParts = true;
  for (let index = 0; index < copy.length; index++) {
    const part = copy[index];
    // A hole that a named property makes up for, or a value that has changed its mind.
    if (part !== source[index]) return undefined;
    if (typeof part === 'string') {
      lookAtText(part, walk);
    } else if (typeof part === 'object' && part !== null) {
      const partCopy = copyOf(part, depth + 1, walk);
      if (partCopy === undefined) return undefined;
      copy[index] = partCopy;
    } else if (!isPlainLeaf(part, walk)) {
      return undefined;
    }
  }
  return copy;
}

function lookAtText(text: string, walk: Walk): void {
  walk.charactersLeft -= text.length;
  if (isBlank(text)) walk.lacksParts = true;
}

/** Of what is no text. */
function isPlainLeaf(value: unknown, walk: Walk): boolean {
  switch (typeof value) {
    case 'number':
      return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
    case 'boolean':
      return true;
    case 'object':
      walk.lacksParts = true;
      return true;
    default:
      return false;
  }
}
