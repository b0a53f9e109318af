import type { Clock } from '../clock.ts';
import { IdempotencyError } from '../errors.ts';
import { type Delayed, type DelayQueue, outsideOfAnyCall } from './delay-queue.ts';

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
  #cancelEnd: (() => void) | undefined;
  #settling = false;
  #stopped = false;
  #lost: IdempotencyError | undefined;
  #controller: AbortController | undefined;

  constructor(options: HeldLeaseOptions) {
    this.#options = options;
    this.#deadline = options.deadline;
  }

  /** False once the lease is over or lost: nothing new may be started. */
  get isHeld(): boolean {
    return this.#lost === undefined && !this.#isOver;
  }

  /** Made when it is first asked for: most functions never look. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#lost) this.#controller.abort(this.#lost);
    }
    return this.#controller.signal;
  }

  /** The function has ended: aborts the signal for what it left running. */
  endSignal(): void {
    this.#controller?.abort(new DOMException('the execution has ended', 'AbortError'));
  }

  /** Begins the heartbeat. */
  start(): void {
    this.#awaitBeat();
  }

  /**
   * The function has ended. Renewals go on, because settling may take long, but they no longer say
   * whether the lease is lost: one that overtakes the settlement would be wrong, and the settlement
   * tells by itself.
   */
  settle(): void {
    this.#settling = true;
  }

  /** Ends the heartbeat. */
  stop(): void {
    this.#stopped = true;
    if (this.#beat) this.#options.beats.remove(this.#beat);
    this.#beat = undefined;
    this.#cancelEnd?.();
    this.#cancelEnd = undefined;
  }

  /** Renews now, before it is started. Answers whether the lease is held again. */
  async renewNow(): Promise<boolean> {
    const deadline = await this.#options.renew?.();
    if (deadline === undefined) return false;
    this.#prolong(deadline);
    return this.isHeld;
  }

  get #isOver(): boolean {
    return this.#options.clock.now() >= this.#deadline;
  }

  #awaitBeat(): void {
    this.#beat = this.#options.beats.add(this.#onBeat);
    this.#awaitEnd(this.#beat.due);
  }

  /** An end that comes before the next beat has a timer of its own: the signal aborts on time. */
  #awaitEnd(nextBeat: number): void {
    if (this.#deadline >= nextBeat || this.#cancelEnd) return;
    const { clock } = this.#options;
    const onEnd = (): void => {
      this.#cancelEnd = undefined;
      if (this.#isOver) this.#loseInTime();
      else this.#awaitEnd(nextBeat);
    };
    this.#cancelEnd = outsideOfAnyCall(() =>
      clock.schedule(this.#deadline - clock.now(), onEnd, true),
    );
  }

  readonly #onBeat = (): void => {
    if (this.#isOver && !this.#settling) {
      this.#loseInTime();
      return;
    }
    this.#awaitBeat();
    // Not held up by one that is still unanswered: it may never be.
    if (this.#options.renew) void this.#renew(this.#options.renew);
  };

  async #renew(renew: () => Promise<number | undefined>): Promise<void> {
    try {
      const deadline = await renew();
      if (this.#stopped) return;
      if (deadline !== undefined) this.#prolong(deadline);
      else if (!this.#settling) this.#lose(`${this.#options.id} was taken over or deleted`);
    } catch {
      // The next beat tries again, for as long as the lease lasts.
    }
  }

  /** Answers may come in another order than they were asked for. */
  #prolong(deadline: number): void {
    this.#deadline = Math.max(this.#deadline, deadline);
  }

  #loseInTime(): void {
    if (!this.#settling) this.#lose(`the lease of ${this.#options.id} was not renewed in time`);
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
