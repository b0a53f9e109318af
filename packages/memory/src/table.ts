import type { StoredRecord } from '@twiceproof/core';
import { type Copy, type Entry, removeAt } from './entry.ts';
import { createExpiryQueue } from './expiry-queue.ts';
import { SeenEntries } from './seen-entries.ts';

/**
 * Everything the store holds: records of its own, which it decides about, and filled copies of a
 * slower store's records, which it may forget at any time.
 */
export interface Table {
  /** The record of its own that counts now. Removes a few expired ones on the way. `seen` is an earlier answer. */
  own(id: string, now: number, paused: boolean, seen?: StoredRecord): Entry | undefined;
  /** Whether nothing is held under this id, expired or not. */
  isVacant(id: string): boolean;
  /** The filled copy that counts now, marked as just used. */
  copy(id: string, now: number): Copy | undefined;
  /** Frees a place for one more record of its own; false when everything held must stay. */
  makeRoom(now: number, paused: boolean): boolean;
  /** Frees a place for one more copy; false when every place is taken by records of its own. */
  makeRoomForCopy(now: number, paused: boolean): boolean;
  add(entry: Entry): void;
  addCopy(copy: Copy): void;
  /** To be called after the status or the times of an entry of its own have changed. */
  changed(entry: Entry): void;
  /** Removes whatever is held under this id. */
  remove(id: string): void;
  /** Entries of its own, newest first, whose `seq` is smaller than this one. */
  before(seq: number): IterableIterator<Entry>;
  nextSeq(): number;
}

/** Expired entries that one operation removes at most: more than one, so that removal keeps up. */
const sweepPerOperation = 2;

/** Whether the entry still counts. While retirement is paused, completed records go on counting. */
export function counts(entry: Entry, now: number, paused: boolean): boolean {
  const end = removeAt(entry);
  return end === undefined || now < end || (paused && entry.status === 'completed');
}

export function createTable(maxRecords: number): Table {
  const own = new Map<string, Entry>();
  const copies = new Map<string, Copy>();
  const failed = new Set<Entry>();
  const queue = createExpiryQueue();
  const seenEntries = new SeenEntries();
  /** Own entries by `seq`, among them some that were removed since; from when they are first listed on. */
  let order: Entry[] | undefined;
  let lastSeq = 0;
  /** The id that was last looked for, and what is there: a first execution looks for it before it claims it, when it
   * claims it, and when it completes it. */
  let latestId: string | undefined;
  let latest: Entry | undefined;

  const at = (id: string) => {
    if (id !== latestId) {
      latest = own.get(id);
      latestId = id;
    }
    return latest;
  };

  const isHeld = (entry: Entry) => own.get(entry.id) === entry;

  const drop = (entry: Entry) => {
    queue.remove(entry);
    if (!isHeld(entry)) {
      copies.delete(entry.id);
      return;
    }
    own.delete(entry.id);
    if (entry === latest) latest = undefined;
    failed.delete(entry);
    // `order` may hold the entry for a while; its bytes need not wait, and their absence tells that it is gone.
    entry.outcome = undefined;
    if (order && order.length > own.size * 1.5 + 64) order = order.filter(isHeld);
  };

  const dropFirstExpired = (now: number) => {
    const first = queue.first();
    if (first === undefined || now < removeAt(first)!) return false;
    drop(first);
    return true;
  };

  const dropFirstOf = (entries: Iterator<Entry>) => {
    const next = entries.next();
    if (!next.done) drop(next.value);
    return !next.done;
  };

  // While retirement is paused nothing is swept: the queue does not tell completed records apart.
  const sweep = (now: number, paused: boolean) => {
    if (paused) return;
    for (let count = 0; count < sweepPerOperation && dropFirstExpired(now); count += 1);
  };

  const isFull = () => own.size + copies.size >= maxRecords;

  const makeRoomForCopy = (now: number, paused: boolean) =>
    !isFull() || (!paused && dropFirstExpired(now)) || dropFirstOf(copies.values());

  return {
    own(id, now, paused, seen) {
      sweep(now, paused);
      let entry = seen && seenEntries.find(id, seen);
      if (entry === undefined) {
        entry = at(id);
        if (entry !== undefined && seen) seenEntries.keep(id, seen, entry);
      }
      return entry !== undefined && counts(entry, now, paused) ? entry : undefined;
    },
    isVacant: (id) => at(id) === undefined && copies.size === 0,
    copy(id, now) {
      // Only a store that is a tier in front of another one has any.
      if (copies.size === 0) return undefined;
      const copy = copies.get(id);
      if (copy === undefined || now >= copy.until) return undefined;
      copies.delete(id);
      copies.set(id, copy);
      return copy;
    },
    // A failed record excludes nobody: losing it costs operators the sight of its error.
    makeRoom: (now, paused) => makeRoomForCopy(now, paused) || dropFirstOf(failed.values()),
    makeRoomForCopy,
    add(entry) {
      own.set(entry.id, entry);
      latestId = entry.id;
      latest = entry;
      order?.push(entry);
      queue.place(entry);
    },
    addCopy(copy) {
      copies.set(copy.id, copy);
      queue.place(copy);
    },
    changed(entry) {
      // Compared with the next id, one that is made of parts would be copied into one text, and kept beside them.
      latestId = undefined;
      queue.place(entry);
      if (entry.status === 'failed') failed.add(entry);
      else if (failed.size > 0) failed.delete(entry);
    },
    remove(id) {
      const entry = at(id);
      if (entry !== undefined) drop(entry);
      if (copies.size === 0) return;
      const copy = copies.get(id);
      if (copy !== undefined) drop(copy);
    },
    *before(seq) {
      // A map has them in the order in which they came.
      order ??= [...own.values()];
      const entries = order;
      for (let at = countBefore(entries, seq) - 1; at >= 0; at -= 1) {
        const entry = entries[at]!;
        if (isHeld(entry)) yield entry;
      }
    },
    nextSeq() {
      lastSeq += 1;
      return lastSeq;
    },
  };
}

function countBefore(entries: readonly Entry[], seq: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
