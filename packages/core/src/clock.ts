/** Time as core sees it. Replaced by a virtual one in simulations. */
export interface Clock {
  /** Monotonic milliseconds; only differences mean anything. */
  now(): number;
  /** Runs `run` once after `ms`; answers how to cancel it. In the background it does not keep the
   * process alive. */
  schedule(ms: number, run: () => void, background?: boolean): () => void;
}

// Node fires a longer timer after one millisecond.
const longestTimerMs = 2_147_483_647;

/**
 * The machine's time, and timers of any length.
 *
 * @example
 * ```ts
 * import { systemClock } from '@twiceproof/core/toolkit';
 *
 * const cancel = systemClock.schedule(90 * 86_400_000, () => console.log('three months later'), true);
 * cancel();
 * ```
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(ms, run, background = false) {
    if (ms > longestTimerMs) return scheduleInParts(ms, run, background);
    const timer = setTimeout(run, Math.max(ms, 0));
    // A number on Workers, where nothing is kept alive by timers.
    if (background) timer.unref?.();
    return () => clearTimeout(timer);
  },
};

function scheduleInParts(ms: number, run: () => void, background: boolean): () => void {
  const next = (): void => {
    cancel = systemClock.schedule(ms - longestTimerMs, run, background);
  };
  let cancel = systemClock.schedule(longestTimerMs, next, background);
  return () => cancel();
}

/** Resolves after `ms`. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.schedule(ms, resolve));
}
