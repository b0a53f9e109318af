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

export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(ms, run, background = false) {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), longestTimerMs));
    // A number on Workers, where nothing is kept alive by timers.
    if (background) timer.unref?.();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.schedule(ms, resolve));
}
