import { type Entry, removeAt } from './entry.ts';

/**
 * Entries by the time at which they may be removed: a binary heap in which every entry knows its
 * place, so that a renewal or a settlement moves it in O(log n) and leaves nothing stale behind.
 */
export interface ExpiryQueue {
  /** The entry that may be removed first. */
  first(): Entry | undefined;
  /** To be called when the time may have changed; an entry that is kept for ever is taken out. */
  place(entry: Entry): void;
  remove(entry: Entry): void;
}

export function createExpiryQueue(): ExpiryQueue {
  const heap: Entry[] = [];

  const put = (entry: Entry, slot: number) => {
    heap[slot] = entry;
    entry.slot = slot;
  };

  const rise = (entry: Entry) => {
    const time = removeAt(entry)!;
    let slot = entry.slot;
    while (slot > 0) {
      const parentSlot = (slot - 1) >> 1;
      const parent = heap[parentSlot]!;
      if (removeAt(parent)! <= time) break;
      put(parent, slot);
      slot = parentSlot;
    }
    put(entry, slot);
  };

  const sink = (entry: Entry) => {
    const time = removeAt(entry)!;
    let slot = entry.slot;
    for (;;) {
      let childSlot = 2 * slot + 1;
      if (childSlot >= heap.length) break;
      const right = heap[childSlot + 1];
      if (right !== undefined && removeAt(right)! < removeAt(heap[childSlot]!)!) childSlot += 1;
      const child = heap[childSlot]!;
      if (removeAt(child)! >= time) break;
      put(child, slot);
      slot = childSlot;
    }
    put(entry, slot);
  };

  const remove = (entry: Entry) => {
    if (entry.slot < 0) return;
    const last = heap.pop()!;
    if (last !== entry) {
      put(last, entry.slot);
      rise(last);
      sink(last);
    }
    entry.slot = -1;
  };

  return {
    first: () => heap[0],
    place(entry) {
      if (removeAt(entry) === undefined) {
        remove(entry);
        return;
      }
      if (entry.slot < 0) put(entry, heap.length);
      rise(entry);
      sink(entry);
    },
    remove,
  };
}
