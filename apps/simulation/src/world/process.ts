import type { Clock } from '@twiceproof/core';
import type { Time } from './time.ts';

/** A process of the simulated world: it can be stopped for a while, its clock can jump, and it can die. */
export class Process {
  readonly index: number;
  isDead = false;
  /** Where its connection leads: after a failover to a server that refuses writes, until it is dropped. */
  isMisdirected = false;
  /** Milliseconds by which its wall clock is off. */
  skewMs = 0;
  /** When it last went on after a stop. */
  resumedAt = 0;
  readonly clock: Clock;
  readonly #time: Time;

  constructor(index: number, time: Time) {
    this.index = index;
    this.#time = time;
    this.clock = {
      now: time.now,
      schedule: (ms, run) => time.schedule(ms, () => this.whenRunning(run)),
    };
  }

  /** What the scheduler does to a stopped process: its time goes on, its code does not. */
  pause(ms: number): void {
    this.resumedAt = Math.max(this.resumedAt, this.#time.now() + ms);
  }

  get isRunning(): boolean {
    return !this.isDead && this.#time.now() >= this.resumedAt;
  }

  /** At once, when the process goes on, or never. */
  whenRunning(run: () => void): void {
    if (this.isDead) return;
    const now = this.#time.now();
    if (now >= this.resumedAt) run();
    else this.#time.schedule(this.resumedAt - now, () => this.whenRunning(run));
  }
}
