import type { RunningClock } from './running-clock.ts';

/** A clock whose timers can be stopped for good, as those of a process that ends. */
export interface MortalClock extends RunningClock {
  stop(): void;
}

export function mortalClock(clock: RunningClock): MortalClock {
  const cancels = new Set<() => void>();
  let isStopped = false;
  return {
    ...clock,
    schedule(ms, run, background) {
      if (isStopped) return () => {};
      const cancel = clock.schedule(
        ms,
        () => {
          cancels.delete(cancel);
          run();
        },
        background,
      );
      cancels.add(cancel);
      return () => {
        cancels.delete(cancel);
        cancel();
      };
    },
    stop() {
      isStopped = true;
      for (const cancel of cancels) cancel();
      cancels.clear();
    },
  };
}
