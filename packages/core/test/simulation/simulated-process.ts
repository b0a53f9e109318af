import type { Clock } from '@twiceproof/core';
import type { VirtualClock } from '@twiceproof/testing/clock';

/** A process of the simulated world: it can be stopped for a while, and it can die. */
export interface SimulatedProcess {
  readonly clock: Clock;
  /** True from its death on: nothing of it may be believed to go on. */
  readonly isDead: () => boolean;
  /** What the scheduler does to a stopped process: its time goes on, its code does not. */
  pause(ms: number): void;
  kill(): void;
  /** Runs at once, when the process goes on, or never. */
  whenRunning(run: () => void): void;
}

export function simulatedProcess(world: VirtualClock): SimulatedProcess {
  let runsFrom = 0;
  let dead = false;
  const whenRunning = (run: () => void): void => {
    if (dead) return;
    if (world.now() >= runsFrom) run();
    else world.schedule(runsFrom - world.now(), () => whenRunning(run));
  };
  return {
    clock: {
      now: world.now,
      schedule: (ms, run) => world.schedule(ms, () => whenRunning(run)),
    },
    isDead: () => dead,
    pause(ms) {
      runsFrom = Math.max(runsFrom, world.now() + ms);
    },
    kill() {
      dead = true;
    },
    whenRunning,
  };
}
