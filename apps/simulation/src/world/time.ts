import { settlePromises } from './settle-promises.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  run: (() => void) | undefined;
}

/** The world's time: it passes from one timer to the next. */
export class Time {
  #now = 0;
  #count = 0;
  /** A binary heap, the next first. */
  readonly #timers: Timer[] = [];

  readonly now = (): number => this.#now;

  readonly schedule = (ms: number, run: () => void): (() => void) => {
    const timer: Timer = { at: this.#now + Math.max(ms, 0), order: this.#count++, run };
    this.#push(timer);
    return () => {
      timer.run = undefined;
    };
  };

  /** Lets time pass until nothing is scheduled or `done`, `ms` at most. Answers whether it came to that. */
  pass(ms: number, done?: () => boolean): boolean {
    const until = this.#now + ms;
    settlePromises();
    while (!done?.()) {
      const next = this.#timers[0];
      if (next === undefined) return true;
      if (next.at > until) {
        this.#now = until;
        return false;
      }
      this.#pop();
      if (!next.run) continue;
      this.#now = next.at;
      next.run();
      settlePromises();
    }
    return true;
  }

  #push(timer: Timer): void {
    const heap = this.#timers;
    let slot = heap.length;
    while (slot > 0) {
      const parentSlot = (slot - 1) >> 1;
      const parent = heap[parentSlot]!;
      if (isBefore(parent, timer)) break;
      heap[slot] = parent;
      slot = parentSlot;
    }
    heap[slot] = timer;
  }

  #pop(): void {
    const heap = this.#timers;
    const last = heap.pop()!;
    const { length } = heap;
    if (length === 0) return;
    let slot = 0;
    for (;;) {
      let childSlot = 2 * slot + 1;
      if (childSlot >= length) break;
      const right = heap[childSlot + 1];
      if (right !== undefined && isBefore(right, heap[childSlot]!)) childSlot++;
      const child = heap[childSlot]!;
      if (isBefore(last, child)) break;
      heap[slot] = child;
      slot = childSlot;
    }
    heap[slot] = last;
  }
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
