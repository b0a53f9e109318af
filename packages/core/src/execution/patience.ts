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
  #wasWoken = false;

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
    // A wake-up that brought nothing may be one of many: the next pause is a plain one.
    const isWatched = store.watch !== undefined && !this.#wasWoken;
    this.#wasWoken = false;
    const longestMs = isWatched ? longestWatchedPauseMs : longestPauseMs;
    const jittered = this.#pauseMs * (0.75 + this.#random() / 2);
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestMs);
    const ms = Math.max(
      1,
      Math.min(jittered, Math.max(leaseRemainingMs, 0) + 1, this.#endsAt - this.#clock.now()),
    );
    const { promise: over, resolve } = Promise.withResolvers<false>();
    const cancel = this.#clock.schedule(ms, () => resolve(false));
    if (!isWatched) {
      await over;
      return;
    }
    const watching = new AbortController();
    try {
      this.#wasWoken = await Promise.race([woken(store, id, watching.signal, over), over]);
    } finally {
      cancel();
      watching.abort();
    }
  }
}

/** True when the store says that something happened. A watch that fails is no reason to stop waiting. */
async function woken<Unwoken>(
  store: Store,
  id: string,
  signal: AbortSignal,
  over: Promise<Unwoken>,
): Promise<true | Unwoken> {
  try {
    await store.watch!(id, signal);
    return true;
  } catch {
    return over;
  }
}
