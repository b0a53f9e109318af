import type { Clock } from '../clock.ts';
import { asyncHooks } from '../node-modules.ts';

/** Something that falls due once, unless it is taken out of its queue before. It knows its neighbours there,
 * so that waiting costs nothing but itself; it waits in one queue at a time. */
export abstract class Delayed {
  due = 0;
  /** Whose turn is before and after this one. */
  before: Delayed | undefined = undefined;
  after: Delayed | undefined = undefined;
  isWaiting = false;

  abstract fallDue(): void;
}

class DelayedCall extends Delayed {
  readonly fallDue: () => void;

  constructor(fallDue: () => void) {
    super();
    this.fallDue = fallDue;
  }
}

// Timers of many calls share one platform timer, so they must not run in the first caller's context:
// a span or a request store that is active there has nothing to do with the other calls.
export const outsideOfAnyCall: <R>(run: () => R) => R =
  /* @__PURE__ */ asyncHooks.AsyncLocalStorage.snapshot();

/**
 * Timers of one fixed delay. They fall due in the order in which they were added, so one platform
 * timer for the first is enough.
 */
export class DelayQueue {
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #onIdle: (() => void) | undefined;
  #first: Delayed | undefined;
  #last: Delayed | undefined;
  #armed = false;

  /** `onIdle` is told when the timer ends and nothing waits. The queue can be used on. */
  constructor(clock: Clock, delayMs: number, onIdle?: () => void) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#onIdle = onIdle;
  }

  add(fallDue: () => void): Delayed {
    const delayed = new DelayedCall(fallDue);
    this.enter(delayed);
    return delayed;
  }

  /** As {@link add}, for what waits in no queue. */
  enter(delayed: Delayed, now: number = this.#clock.now()): void {
    delayed.due = now + this.#delayMs;
    delayed.isWaiting = true;
    delayed.before = this.#last;
    if (this.#last) this.#last.after = delayed;
    else this.#first = delayed;
    this.#last = delayed;
    if (!this.#armed) this.#arm(this.#delayMs);
  }

  remove(delayed: Delayed): void {
    if (!delayed.isWaiting) return;
    const { before, after } = delayed;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    delayed.isWaiting = false;
    delayed.before = undefined;
    delayed.after = undefined;
  }

  #arm(ms: number): void {
    this.#armed = true;
    outsideOfAnyCall(() => this.#clock.schedule(ms, () => this.#runDue(), true));
  }

  #runDue(): void {
    const now = this.#clock.now();
    try {
      // Still armed: what is added meanwhile falls due later, and needs no timer of its own.
      for (let next = this.#first; next && next.due <= now; next = this.#first) {
        this.remove(next);
        next.fallDue();
      }
    } finally {
      if (this.#first) this.#arm(Math.max(this.#first.due - this.#clock.now(), 0));
      else {
        this.#armed = false;
        this.#onIdle?.();
      }
    }
  }
}

/** The delay queues of one clock, one for each delay in use: delays may differ from call to call. */
export class DelayQueues implements Pick<Clock, 'schedule'> {
  readonly #clock: Clock;
  readonly #queues = new Map<number, DelayQueue>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(delayMs: number): DelayQueue {
    let queue = this.#queues.get(delayMs);
    if (!queue) {
      queue = new DelayQueue(this.#clock, delayMs, () => this.#queues.delete(delayMs));
      this.#queues.set(delayMs, queue);
    }
    return queue;
  }

  /** As the clock does, in the background, but all that wait equally long share one timer of it. */
  schedule(ms: number, run: () => void): () => void {
    const queue = this.of(ms);
    const delayed = queue.add(run);
    return () => queue.remove(delayed);
  }

  get size(): number {
    return this.#queues.size;
  }
}
