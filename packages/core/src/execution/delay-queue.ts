import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../clock.ts';

/** Something due, until it is taken out of the queue or has run. */
export interface Delayed {
  readonly due: number;
  readonly run: () => void;
}

// Timers of many calls share one platform timer, so they must not run in the first caller's context:
// a span or a request store that is active there has nothing to do with the other calls.
export const outsideOfAnyCall: <R>(run: () => R) => R = AsyncLocalStorage.snapshot();

/**
 * Timers of one fixed delay. They fall due in the order in which they were added, so one platform
 * timer for the head is enough, and adding and removing cost what a Set costs.
 */
export class DelayQueue {
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #waiting = new Set<Delayed>();
  readonly #onIdle: (() => void) | undefined;
  #armed = false;

  /** `onIdle` is told when the timer ends and nothing waits. The queue can be used on. */
  constructor(clock: Clock, delayMs: number, onIdle?: () => void) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#onIdle = onIdle;
  }

  add(run: () => void): Delayed {
    const delayed = { due: this.#clock.now() + this.#delayMs, run };
    this.#waiting.add(delayed);
    if (!this.#armed) this.#arm(this.#delayMs);
    return delayed;
  }

  remove(delayed: Delayed): void {
    this.#waiting.delete(delayed);
  }

  #arm(ms: number): void {
    this.#armed = true;
    outsideOfAnyCall(() => this.#clock.schedule(ms, () => this.#runDue(), true));
  }

  #runDue(): void {
    const now = this.#clock.now();
    try {
      // Still armed: what is added meanwhile falls due later, and needs no timer of its own.
      for (const delayed of this.#waiting) {
        if (delayed.due > now) break;
        this.#waiting.delete(delayed);
        delayed.run();
      }
    } finally {
      const [head] = this.#waiting;
      if (head) this.#arm(Math.max(head.due - this.#clock.now(), 0));
      else {
        this.#armed = false;
        this.#onIdle?.();
      }
    }
  }
}

/** The delay queues of one clock, one for each delay in use: delays may differ from call to call. */
export class DelayQueues {
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

  get size(): number {
    return this.#queues.size;
  }
}
