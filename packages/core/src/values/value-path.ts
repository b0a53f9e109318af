import { clipText } from './clip-text.ts';

const longestName = 64;
const cutNameBytes = longestName + 3;

/** A property as part of a path: `.price`, or `["unit price"]` where the name is no identifier. */
export function propertySegment(name: string): string {
  // Names can come from a payload, and a message must stay readable whatever they hold.
  const shown = name.length > longestName ? clipText(name, cutNameBytes) : name;
  return /^[A-Za-z_$][\w$]*$/.test(shown) ? `.${shown}` : `[${JSON.stringify(shown)}]`;
}

/** An element of an array as part of a path: `[3]`. */
export function indexSegment(index: number): string {
  return `[${index}]`;
}

/** A Map's key (0) or value (1), counted in insertion order: keys may be payload, so none is shown. */
export function entrySegment(index: number, side: 0 | 1): string {
  return `.entries[${index}][${side}]`;
}

/** A Set's member, counted in insertion order. */
export function memberSegment(index: number): string {
  return `.values[${index}]`;
}

/** `order.items[3].price`; empty for the root. */
export function joinPath(segments: readonly string[]): string {
  const path = segments.join('');
  return path.startsWith('.') ? path.slice(1) : path;
}
