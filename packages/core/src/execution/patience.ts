import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import type { Ongoing } from './lifecycle.ts';

const firstPauseMs = 15;
const longestPauseMs = 1_000;
// A watch may miss a wake-up, so it only stretches the pauses.
const longestWatchedPauseMs = 5_000;

/** How long one call goes on waiting for another executor's result, and how it spends that time. More than
 * `within` it can be interrupted, and may last for ever. */
export class Patience implements Ongoing {
  place = -1;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #endsAt: number;
  #pauseMs = firstPauseMs;
  #wasWoken = false;
  #interruption: { readonly reason: unknown } | undefined;
  #onInterrupted: (() => void) | undefined;

  constructor(clock: Clock, random: () => number, endsAt: number) {
    this.#clock = clock;
    this.#random = random;
    this.#endsAt = endsAt;
  }

  get isOver(): boolean {
    return this.#clock.now() >= this.#endsAt;
  }

  /** Ends the waiting that is under way: it rejects with `reason`. */
  interrupt(reason: unknown): void {
    this.#interruption ??= { reason };
    this.#onInterrupted?.();
  }

  /** Waits for `landed`, for no longer than the patience lasts. Answers undefined when it is over. */
  async until<T>(landed: Promise<T>): Promise<T | undefined> {
    const over = this.#over(this.#endsAt - this.#clock.now());
    try {
      return (await Promise.race([landed, over.promise])) ?? this.#uninterrupted();
    } finally {
      over.cancel();
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
    const over = this.#over(ms);
    const watching = isWatched ? new AbortController() : undefined;
    try {
      const woken = watching && wokenUp(store, id, watching.signal, over.promise);
      this.#wasWoken =
        (await (woken ? Promise.race([woken, over.promise]) : over.promise)) === true;
      this.#uninterrupted();
    } finally {
      over.cancel();
      watching?.abort();
    }
  }

  /** A promise that resolves after `ms`, or when the waiting is interrupted. */
  #over(ms: number): { readonly promise: Promise<undefined>; readonly cancel: () => void } {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const end = (): void => resolve(undefined);
    const cancelTimer = ms === Number.POSITIVE_INFINITY ? undefined : this.#clock.schedule(ms, end);
    this.#onInterrupted = end;
    if (this.#interruption) end();
    const cancel = (): void => {
      cancelTimer?.();
      this.#onInterrupted = undefined;
    };
    return { promise, cancel };
  }

  #uninterrupted(): undefined {
    if (this.#interruption) throw this.#interruption.reason;
  }
}

/** True when the store says that something happened. A watch that fails is no reason to stop waiting. */
async function wokenUp<Unwoken>(
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
