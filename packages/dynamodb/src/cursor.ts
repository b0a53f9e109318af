import type { IdempotencyError } from '@twiceproof/core';
import { invalidOption } from '@twiceproof/core/toolkit';
import type { Item } from './item.ts';
import type { ListSource } from './list-source.ts';

/** A place in a listing: the keys of the item after which it goes on. */
export function encodeCursor(item: Item, { place }: ListSource): string {
  const keys = [...place.keys()].map((name) => [name, item[name]]);
  return Buffer.from(JSON.stringify(Object.fromEntries(keys))).toString('base64url');
}

/** @throws IdempotencyError `OPTIONS_INVALID` for text that is no place in this listing. */
export function decodeCursor(cursor: string, { place }: ListSource): Item {
  let keys: unknown;
  try {
    keys = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    keys = undefined;
  }
  if (!isItem(keys, place)) throw forgedCursor();
  return keys;
}

export function forgedCursor(): IdempotencyError<'OPTIONS_INVALID'> {
  return invalidOption('cursor is not one that this listing answered; leave it out to start again');
}

function isItem(keys: unknown, place: ListSource['place']): keys is Item {
  if (typeof keys !== 'object' || keys === null) return false;
  if (Object.keys(keys).length !== place.size) return false;
  return [...place].every(([name, type]) => {
    const value = (keys as Record<string, unknown>)[name];
    if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1)
      return false;
    const text = (value as Item)[type];
    if (typeof text !== 'string' || text === '') return false;
    return type === 'S' || /^\d{1,16}$/.test(text);
  });
}
