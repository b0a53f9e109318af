/** A clock that stands still until a test lets time pass. Core takes it in place of its own. */
export interface VirtualClock {
  /** Monotonic milliseconds since the clock was made. */
  now(): number;
  /** Epoch milliseconds. */
  epoch(): number;
  /** Runs `run` once, when `ms` have passed; answers how to cancel it. */
  schedule(ms: number, run: () => void, background?: boolean): () => void;
  /**
   * Lets `ms` pass: runs what falls due, in order, each at its own time, and lets promises settle
   * before the next. What is scheduled meanwhile and falls due is run as well.
   */
  advance(ms: number): Promise<void>;
  /** How many scheduled runs are still to come. */
  pending(): number;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/**
 * Time for tests: nothing happens by waiting, everything by `advance`.
 *
 * @param options.epoch Epoch milliseconds at which the clock starts; 2026-01-01 UTC unless given.
 *
 * @example
 * ```ts
 * import { virtualClock } from '@twiceproof/testing';
 *
 * const clock = virtualClock();
 * clock.schedule(30_000, () => console.log('half a minute later'));
 * await clock.advance(30_000);
 * ```
 */
export function virtualClock(options: { readonly epoch?: number } = {}): VirtualClock {
  const { epoch = Date.UTC(2026, 0, 1) } = options;
  /** In the order in which they fall due; first scheduled comes first. */
  const timers: Timer[] = [];
  let time = 0;

  return {
    now: () => time,
    epoch: () => epoch + time,
    schedule(ms, run) {
      const timer = { at: time + Math.max(ms, 0), run };
      const later = timers.findIndex(({ at }) => at > timer.at);
      timers.splice(later < 0 ? timers.length : later, 0, timer);
      return () => {
        const at = timers.indexOf(timer);
        if (at >= 0) timers.splice(at, 1);
      };
    },
    async advance(ms) {
      const until = time + ms;
      await settled();
      for (let next = timers[0]; next !== undefined && next.at <= until; next = timers[0]) {
        timers.shift();
        time = Math.max(time, next.at);
        next.run();
        await settled();
      }
      time = Math.max(time, until);
    },
    pending: () => timers.length,
  };
}

/** A macrotask comes after every promise that can settle without the outside world. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
