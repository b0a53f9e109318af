import type { StoredRecord } from '@twiceproof/core';
import type { Entry } from './entry.ts';

/**
 * The completed entries of records that somebody was given and shows again. Among a million entries, to find
 * one by its id takes as long as all the rest of a replay, since what is looked at is in no cache of the
 * processor; this has only those that are in use.
 */
export class SeenEntries {
  /** Of an id as it was asked for: where it is the same string again, none is read to compare them. */
  readonly #places = new WeakMap<StoredRecord, { readonly id: string; readonly entry: Entry }>();

  /** Undefined also for one that was dropped since, or is executed again: then it has no outcome. */
  find(id: string, seen: StoredRecord): Entry | undefined {
    const place = this.#places.get(seen);
    return place?.id === id && place.entry.outcome !== undefined ? place.entry : undefined;
  }

  keep(id: string, seen: StoredRecord, entry: Entry): void {
    if (entry.outcome !== undefined) this.#places.set(seen, { id, entry });
  }
}
