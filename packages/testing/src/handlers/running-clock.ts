/** A clock that goes on as real time does, and can be moved forward. Core takes it in place of its own. */
export interface RunningClock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Epoch milliseconds. */
  epoch(): number;
  /** Runs `run` once, when `ms` have passed; answers how to cancel it. */
  schedule(ms: number, run: () => void, background?: boolean): () => void;
  /** Lets `ms` pass at once: runs what falls due, in order, each at its own time, and lets promises
   * settle before the next. */
  advance(ms: number): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
  readonly isBackground: boolean;
  handle?: NodeJS.Timeout;
}

// Node fires a longer timer after one millisecond.
const longestTimerMs = 2_147_483_647;

/**
 * Time for tests of handlers that do real work: it runs by itself, so that nothing hangs, and a lease
 * or a retention is over as soon as a test says so.
 *
 * @example
 * ```ts
 * import { createIdempotency } from '@twiceproof/core';
 * import { memoryStore } from '@twiceproof/memory';
 * import { runningClock } from '@twiceproof/testing';
 *
 * const clock = runningClock();
 * const store = memoryStore({ clock });
 * const idempotency = createIdempotency({ environment: 'test', store, runtime: { clock } });
 * await clock.advance(25 * 3_600_000); // what is kept for a day is gone
 * ```
 */
export function runningClock(): RunningClock {
  let ahead = 0;
  const timers = new Set<Timer>();
  const now = () => performance.now() + ahead;

  const fire = (timer: Timer) => {
    clearTimeout(timer.handle);
    timers.delete(timer);
    timer.run();
  };
  const arm = (timer: Timer) => {
    const ms = Math.min(Math.max(timer.at - now(), 0), longestTimerMs);
    timer.handle = setTimeout(() => (timer.at > now() ? arm(timer) : fire(timer)), Math.ceil(ms));
    if (timer.isBackground) timer.handle.unref();
  };
  const nextUntil = (until: number): Timer | undefined =>
    [...timers].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];

  return {
    now,
    epoch: () => Date.now() + ahead,
    schedule(ms, run, isBackground = false) {
      const timer: Timer = { at: now() + Math.max(ms, 0), run, isBackground };
      timers.add(timer);
      arm(timer);
      return () => {
        clearTimeout(timer.handle);
        timers.delete(timer);
      };
    },
    async advance(ms) {
      const until = now() + ms;
      await settled();
      for (let next = nextUntil(until); next !== undefined; next = nextUntil(until)) {
        ahead += Math.max(next.at - now(), 0);
        fire(next);
        await settled();
      }
      ahead += Math.max(until - now(), 0);
    },
  };
}

/** A macrotask comes after every promise that can settle without the outside world. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
