import type { Item } from './item.ts';
import { invalid } from './options.ts';

/** A place in a listing: the keys of the item after which it goes on. */
export function encodeCursor(item: Item, place: readonly string[]): string {
  const keys = place.map((name) => [name, item[name]]);
  return Buffer.from(JSON.stringify(Object.fromEntries(keys))).toString('base64url');
}

/** @throws IdempotencyError `OPTIONS_INVALID` for text that is no place in this listing. */
export function decodeCursor(cursor: string, place: readonly string[]): Item {
  let keys: unknown;
  try {
    keys = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    keys = undefined;
  }
  if (!isItem(keys, place)) throw invalid('cursor is not one that this listing answered');
  return keys;
}

function isItem(keys: unknown, place: readonly string[]): keys is Item {
  if (typeof keys !== 'object' || keys === null) return false;
  if (Object.keys(keys).length !== place.length) return false;
  return place.every((name) => {
    const value = (keys as Record<string, unknown>)[name];
    if (typeof value !== 'object' || value === null) return false;
    const [[type, text] = [], ...rest] = Object.entries(value);
    return rest.length === 0 && (type === 'S' || type === 'N') && typeof text === 'string';
  });
}
