import { indexSegment, propertySegment } from '../values/value-path.ts';
import { refusedAt } from './refusal.ts';
import type { TAG } from './tags.ts';
import { type EscapePart, spend, tagged, type Walk } from './walk.ts';

/** An object or array as the list of its entries, for what a msgpack map or array cannot carry. */
export function escapeEntries(
  tag: typeof TAG.object | typeof TAG.bareObject | typeof TAG.array,
  head: readonly unknown[],
  source: object,
  walk: Walk,
  depth: number,
  escapePart: EscapePart,
): Record<string, unknown> {
  const entries = [...head];
  for (const key of Object.keys(source)) {
    spend(walk, 2);
    try {
      const value = (source as Record<string, unknown>)[key];
      entries.push(escapePart(key, walk, depth + 1), escapePart(value, walk, depth + 1));
    } catch (error) {
      throw refusedAt(error, source, segmentOf(source, key));
    }
  }
  return tagged(walk, tag, entries);
}

function segmentOf(source: object, key: string): string {
  const isElement = Array.isArray(source) && /^(?:0|[1-9]\d*)$/.test(key);
  return isElement ? indexSegment(Number(key)) : propertySegment(key);
}
