import type { Entry } from './entry.ts';
import { createExpiryQueue } from './expiry-queue.ts';

/**
 * Everything the store holds: records of its own, which it decides about, and filled copies of a
 * slower store's records, which it may forget at any time.
 */
export interface Table {
  /** The record of its own that counts now. */
  own(id: string, now: number, paused: boolean): Entry | undefined;
  /** The filled copy that counts now, marked as just used. */
  copy(id: string, now: number): Entry | undefined;
  /** Frees a place for one more record of its own; false when everything held must stay. */
  makeRoom(now: number, paused: boolean): boolean;
  /** Frees a place for one more copy; false when every place is taken by records of its own. */
  makeRoomForCopy(now: number, paused: boolean): boolean;
  add(entry: Entry): void;
  addCopy(entry: Entry): void;
  /** To be called after the status or the times of an entry of its own have changed. */
  changed(entry: Entry): void;
  /** Removes whatever is held under this id. */
  remove(id: string): void;
  /** Entries of its own, oldest first, whose `seq` is greater than this one. */
  after(seq: number): IterableIterator<Entry>;
  nextSeq(): number;
}

/** Expired entries that one operation removes at most: more than one, so that removal keeps up. */
const sweepPerOperation = 2;

export function createTable(maxRecords: number): Table {
  const own = new Map<string, Entry>();
  const copies = new Map<string, Entry>();
  const failed = new Set<Entry>();
  const queue = createExpiryQueue();
  let order: Entry[] = [];
  let lastSeq = 0;

  const drop = (entry: Entry) => {
    queue.remove(entry);
    failed.delete(entry);
    if (copies.get(entry.id) === entry) {
      copies.delete(entry.id);
      return;
    }
    own.delete(entry.id);
    // `order` may hold the entry for a while; its bytes need not wait.
    entry.outcome = undefined;
    if (order.length > own.size * 1.5 + 64) order = order.filter((kept) => isHeld(kept));
  };

  const isHeld = (entry: Entry) => own.get(entry.id) === entry;

  const dropFirstExpired = (now: number) => {
    const first = queue.first();
    if (first === undefined || now < first.removeAt!) return false;
    drop(first);
    return true;
  };

  const dropFirstOf = (entries: Iterator<Entry>) => {
    const next = entries.next();
    if (next.done) return false;
    drop(next.value);
    return true;
  };

  // While retirement is paused nothing is swept: the queue does not tell completed records apart.
  const sweep = (now: number, paused: boolean) => {
    if (paused) return;
    for (let count = 0; count < sweepPerOperation && dropFirstExpired(now); count += 1);
  };

  const isFull = () => own.size + copies.size >= maxRecords;

  return {
    own(id, now, paused) {
      sweep(now, paused);
      const entry = own.get(id);
      if (entry === undefined || entry.removeAt === undefined || now < entry.removeAt) return entry;
      return paused && entry.status === 'completed' ? entry : undefined;
    },
    copy(id, now) {
      const entry = copies.get(id);
      if (entry === undefined || now >= entry.removeAt!) return undefined;
      copies.delete(id);
      copies.set(id, entry);
      return entry;
    },
    makeRoom(now, paused) {
      return (
        !isFull() ||
        (!paused && dropFirstExpired(now)) ||
        dropFirstOf(copies.values()) ||
        dropFirstOf(failed.values())
      );
    },
    makeRoomForCopy(now, paused) {
      return !isFull() || (!paused && dropFirstExpired(now)) || dropFirstOf(copies.values());
    },
    add(entry) {
      own.set(entry.id, entry);
      order.push(entry);
      queue.place(entry);
    },
    addCopy(entry) {
      copies.set(entry.id, entry);
      queue.place(entry);
    },
    changed(entry) {
      entry.removeAt = entry.expiresAt;
      queue.place(entry);
      if (entry.status === 'failed') failed.add(entry);
      else failed.delete(entry);
    },
    remove(id) {
      const entry = own.get(id);
      if (entry !== undefined) drop(entry);
      const copy = copies.get(id);
      if (copy !== undefined) drop(copy);
    },
    *after(seq) {
      const entries = order;
      for (let at = firstAfter(entries, seq); at < entries.length; at += 1) {
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

function firstAfter(entries: readonly Entry[], seq: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.seq > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}
