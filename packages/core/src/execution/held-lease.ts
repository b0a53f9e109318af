import type { Clock } from '../clock.ts';
import { IdempotencyError } from '../errors.ts';
import type { Delayed, DelayQueue } from './delay-queue.ts';

export interface HeldLeaseOptions {
  readonly id: string;
  readonly clock: Clock;
  /** Falls due several times within a lease that is renewed, and once at the end of one that is not. */
  readonly beats: DelayQueue;
  /** Monotonic end of the lease. */
  readonly deadline: number;
  /** Asks the store for a new deadline; undefined if the record is no longer mine. Absent: no heartbeat. */
  readonly renew: (() => Promise<number | undefined>) | undefined;
  readonly onLost: () => void;
}

/** How many heartbeats fit into one lease: two may fail before it is over. */
export const beatsPerLease = 3;

/** The lease of one running attempt: renewed until it is stopped, aborting its signal when it is over. */
export class HeldLease {
  readonly #options: HeldLeaseOptions;
  #deadline: number;
  #beat: Delayed | undefined;
  #renewing = false;
  #stopped = false;
  #lost: IdempotencyError | undefined;
  #controller: AbortController | undefined;

  constructor(options: HeldLeaseOptions) {
    this.#options = options;
    this.#deadline = options.deadline;
    this.#beat = options.beats.add(this.#onBeat);
  }

  /** False once the lease is over or lost: nothing new may be started. */
  get isHeld(): boolean {
    return this.#lost === undefined && this.#options.clock.now() < this.#deadline;
  }

  /** Made when it is first asked for: most functions never look. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#lost) this.#controller.abort(this.#lost);
    }
    return this.#controller.signal;
  }

  /** Ends the heartbeat. Must come before the record is settled. */
  stop(): void {
    this.#stopped = true;
    if (this.#beat) this.#options.beats.remove(this.#beat);
    this.#beat = undefined;
  }

  /** Renews now. Answers whether the lease is held again. */
  async renewNow(): Promise<boolean> {
    const deadline = await this.#options.renew?.();
    if (deadline === undefined) return false;
    this.#deadline = deadline;
    return this.isHeld;
  }

  readonly #onBeat = (): void => {
    if (this.#options.clock.now() >= this.#deadline) {
      this.#lose(`the lease of ${this.#options.id} was not renewed in time`);
      return;
    }
    this.#beat = this.#options.beats.add(this.#onBeat);
    if (this.#options.renew && !this.#renewing) void this.#renew(this.#options.renew);
  };

  async #renew(renew: () => Promise<number | undefined>): Promise<void> {
    this.#renewing = true;
    try {
      const deadline = await renew();
      // A settled record is not renewed: that answer comes late, and says nothing of the lease.
      if (this.#stopped) return;
      if (deadline === undefined) this.#lose(`${this.#options.id} was taken over or deleted`);
      else this.#deadline = deadline;
    } catch {
      // The next beat tries again, for as long as the lease lasts.
    } finally {
      this.#renewing = false;
    }
  }

  #lose(what: string): void {
    this.stop();
    this.#lost = new IdempotencyError(
      'LEASE_LOST',
      `${what}; another executor may have started, so stop what has an effect`,
      { recordId: this.#options.id },
    );
    this.#controller?.abort(this.#lost);
    this.#options.onLost();
  }
}
