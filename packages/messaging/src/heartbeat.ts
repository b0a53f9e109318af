import { AsyncLocalStorage } from 'node:async_hooks';
import { currentExecution } from '@twiceproof/core';
import { within } from '@twiceproof/core/toolkit';

/** Tells the broker that the work goes on. `signal` aborts when nobody waits for it any more. */
export type Tick = (signal: AbortSignal) => unknown;

/** Longest time for which a tick that is under way holds up the verdict. */
const mostMsForLastTick = 2_000;

const beating = new AsyncLocalStorage<Heartbeat>();

/** Keeps one message with its consumer while the lease of its work is held. */
export class Heartbeat {
  readonly #tick: Tick;
  readonly #everyMs: number;
  readonly #ended = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<unknown> | undefined;
  #stopped = false;

  constructor(tick: Tick, everyMs: number) {
    this.#tick = tick;
    this.#everyMs = everyMs;
  }

  /** Runs a call; a handler of {@link withHeartbeat} that it comes to begins to beat. */
  async during<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await beating.run(this, call);
    } finally {
      await this.#stop();
    }
  }

  /** Begins to beat, until the call has ended or the signal aborts. */
  start(lease: AbortSignal): void {
    // A call that has ended already may leave its function running.
    if (this.#stopped || lease.aborted) return;
    this.#timer = setInterval(() => this.#beat(), this.#everyMs).unref();
    lease.addEventListener('abort', () => clearInterval(this.#timer), { once: true });
  }

  #beat(): void {
    // One that hangs must not be joined by others.
    this.#underWay ??= this.#ask().finally(() => {
      this.#underWay = undefined;
    });
  }

  async #ask(): Promise<void> {
    try {
      await this.#tick(this.#ended.signal);
    } catch {
      // The message is gone, or the broker is: the verdict will tell.
    }
  }

  /** No tick comes after this: a late one would overwrite what the verdict says. */
  async #stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    if (this.#underWay === undefined) return;
    await within(this.#underWay, mostMsForLastTick, () => this.#ended.abort());
  }
}

/** The handler, beating from its start on for the call that it is a part of. */
export function withHeartbeat<Args extends readonly unknown[], Value>(
  handler: (...args: Args) => Value,
): (...args: Args) => Value {
  return (...args) => {
    beating.getStore()?.start(currentExecution().signal);
    return handler(...args);
  };
}
