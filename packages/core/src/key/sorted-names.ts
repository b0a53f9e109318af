import { propertySegment } from '../values/value-path.ts';
import { quote } from './canonical-leaf.ts';
import { refusalOf } from './refusal.ts';

/** The names of a plain object by UTF-16 code unit, as RFC 8785 sorts them. */
export interface SortedNames {
  readonly names: readonly string[];
  /** What stands before each value: `{"a":` for the first name, `,"b":` for the others. */
  readonly labels: readonly string[];
  /** An object that has them in this order; undefined where none can. */
  readonly template: Readonly<Record<string, undefined>> | undefined;
  /** Whether the object has them in this order itself. */
  readonly isInOrder: boolean;
}

interface Shape {
  readonly own: readonly string[];
  readonly sorted: SortedNames;
  /** Its place among the slots, and that of the one that came after it last: what is in it may be another by now. */
  readonly slot: number;
  after: number;
}

/**
 * Objects of one shape come again and again, and sorting and quoting their names is a third of the
 * work of encoding them. A slot first notes that a shape was seen, and keeps it when it comes again.
 * What is kept is bounded in number and size, since names may be somebody's payload.
 */
const slots: (Shape | number | undefined)[] = /* @__PURE__ */ new Array(256).fill(undefined);
const mostNames = 24;
const mostCharacters = 512;

/** The shape that was met last: the items of a list have the same one, one after the other. */
let latest: Shape | undefined;

/** Throws a refusal that carries its path when a name is not well-formed. */
export function sortedNames(object: object): SortedNames {
  const own = Object.keys(object);
  if (latest !== undefined && sameNames(latest.own, own)) return latest.sorted;
  if (own.length > mostNames) return sort(own, object);
  let hash = own.length;
  let characters = 0;
  for (let index = 0; index < own.length; index += 1) {
    const name = own[index]!;
    characters += name.length;
    hash = (Math.imul(hash, 31) + name.length * 7 + name.charCodeAt(0)) | 0;
  }
  if (characters > mostCharacters) return sort(own, object);

  const at = hash & 255;
  const slot = slots[at];
  if (typeof slot === 'object' && sameNames(slot.own, own)) {
    latest = slot;
    return slot.sorted;
  }
  const sorted = sort(own, object);
  slots[at] = slot === hash ? { own, sorted, slot: at, after: at } : hash;
  return sorted;
}

/**
 * As {@link sortedNames}, and faster where the shape is the one that was met last, or the one that came after that
 * last time. Names that it inherits pass for its own where somebody has put them on all objects.
 */
export function likelyNames(object: object): SortedNames {
  const before = latest;
  if (before === undefined) return sortedNames(object);
  if (hasNames(object, before.own)) return before.sorted;
  const after = slots[before.after];
  if (typeof after === 'object' && hasNames(object, after.own)) {
    latest = after;
    return after.sorted;
  }
  const sorted = sortedNames(object);
  before.after = latest!.slot;
  return sorted;
}

function hasNames(object: object, own: readonly string[]): boolean {
  let count = 0;
  for (const name in object) {
    if (name !== own[count++]) return false;
  }
  return count === own.length;
}

function sort(own: readonly string[], object: object): SortedNames {
  const names = own.toSorted();
  return {
    names,
    labels: names.map((name, index) => (index === 0 ? '{' : ',') + label(name, object)),
    template: names.some(isMoved)
      ? undefined
      : Object.fromEntries(names.map((name) => [name, undefined])),
    isInOrder: sameNames(names, own),
  };
}

/** Names that look like indices come first, whatever the order; an inherited one may have a setter. */
function isMoved(name: string): boolean {
  return name in Object.prototype || /^\d+$/.test(name);
}

function label(name: string, object: object): string {
  try {
    return `${quote(name)}:`;
  } catch (thrown) {
    throw refusalOf(thrown).within(object, propertySegment(name));
  }
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) {
    if (left[index] !== right[index]) return false;
  }
  return true;
}
