import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';

const firstPauseMs = 15;
const longestPauseMs = 1_000;
// A watch may miss a wake-up, so it only stretches the pauses.
const longestWatchedPauseMs = 5_000;

/** How long one call goes on waiting for another executor's result, and how it spends that time. */
export class Patience {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #endsAt: number;
  #pauseMs = firstPauseMs;

  constructor(clock: Clock, random: () => number, waitMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#endsAt = clock.now() + waitMs;
  }

  get isOver(): boolean {
    return this.#clock.now() >= this.#endsAt;
  }

  /** Waits for `landed`, for no longer than the patience lasts. Answers undefined when it is over. */
  async until<T>(landed: Promise<T>): Promise<T | undefined> {
    if (this.#endsAt === Number.POSITIVE_INFINITY) return landed;
    const { promise: over, resolve } = Promise.withResolvers<undefined>();
    const cancel = this.#clock.schedule(this.#endsAt - this.#clock.now(), () => resolve(undefined));
    try {
      return await Promise.race([landed, over]);
    } finally {
      cancel();
    }
  }

  /** Waits until asking the store again makes sense: a wake-up, the end of the lease, or a growing pause. */
  async pause(store: Store, id: string, leaseRemainingMs: number): Promise<void> {
    const longestMs = store.watch ? longestWatchedPauseMs : longestPauseMs;
    const jittered = this.#pauseMs * (0.75 + this.#random() / 2);
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestMs);
    const ms = Math.max(
      1,
      Math.min(jittered, Math.max(leaseRemainingMs, 0) + 1, this.#endsAt - this.#clock.now()),
    );
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.schedule(ms, resolve);
    if (!store.watch) return over;
    const watching = new AbortController();
    try {
      // A watch that fails is no reason to stop waiting.
      const woken = store.watch(id, watching.signal).catch(() => over);
      await Promise.race([woken, over]);
    } finally {
      cancel();
      watching.abort();
    }
  }
}
