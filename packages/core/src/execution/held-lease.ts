import type { Clock } from '../clock.ts';
import { IdempotencyError } from '../errors.ts';
import type { Claim } from '../store.ts';
import {
  type Delayed,
  type DelayQueue,
  type DelayQueues,
  outsideOfAnyCall,
} from './delay-queue.ts';
import type { Deployment } from './deployment.ts';
import type { Lifecycle, Ongoing } from './lifecycle.ts';
import type { RequestDetails } from './request.ts';

export interface HeldLeaseOptions {
  readonly id: string;
  readonly clock: Clock;
  readonly delays: DelayQueues;
  readonly lifecycle: Lifecycle;
  readonly leaseMs: number;
  /** Monotonic end of the lease. */
  readonly deadline: number;
  /** False for a fixed deadline: the lease is not renewed while the function runs. */
  readonly heartbeat: boolean;
  /** Asks the store for a new deadline; undefined if the record is no longer mine. */
  readonly renew: () => Promise<number | undefined>;
  /** Told once, when the lease is over or lost while the function runs. */
  readonly onLost: () => void;
}

/** Two beats may fail, and the third still comes while the lease lasts. */
const beatsPerLease = 4;
const firstRetryMs = 25;
const longestRetryMs = 1_000;

/**
 * The lease of one running attempt. It is renewed until it is stopped, also when it seems to be over:
 * whoever comes next may not have come yet. Its signal aborts when it is over or lost.
 */
export class HeldLease implements Ongoing {
  readonly #options: HeldLeaseOptions;
  readonly #beatMs: number;
  #deadline: number;
  #isRenewed: boolean;
  /** Falls due several times within a lease that is renewed, and once at the end of one that is not. */
  #beats: DelayQueue;
  #beat: Delayed | undefined;
  #cancelEnd: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #retryMs = firstRetryMs;
  #settling = false;
  #stopped = false;
  #lost: IdempotencyError | undefined;
  #interruption: IdempotencyError | undefined;
  #controller: AbortController | undefined;

  constructor(options: HeldLeaseOptions) {
    this.#options = options;
    this.#deadline = options.deadline;
    this.#isRenewed = options.heartbeat;
    this.#beatMs = Math.max(1, Math.floor(options.leaseMs / beatsPerLease));
    this.#beats = options.delays.of(options.heartbeat ? this.#beatMs : options.leaseMs);
  }

  /** False once the lease is over or lost: nothing new may be started. */
  get isHeld(): boolean {
    return this.#lost === undefined && this.#leftMs > 0;
  }

  /** What is left is too little to start on, and can be more. */
  get isShort(): boolean {
    return this.#isRenewed && this.#leftMs < this.#options.leaseMs / 2;
  }

  /** Made when it is first asked for: most functions never look. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      const reason = this.#interruption ?? this.#lost;
      if (reason) this.#controller.abort(reason);
    }
    return this.#controller.signal;
  }

  get recordId(): string {
    return this.#options.id;
  }

  /** Tells the function to stop. The lease goes on: there is something to settle. */
  interrupt(reason: IdempotencyError): void {
    this.#interruption ??= reason;
    this.#controller?.abort(reason);
  }

  /** The function has had its time: it is told to stop, and nothing of it is started any more. */
  end(reason: IdempotencyError): void {
    this.#lost ??= reason;
    this.interrupt(reason);
    this.settle();
  }

  /** Whatever becomes of the function, the lease ends by itself. */
  leave(): void {
    this.stop();
  }

  /** The function has ended: aborts the signal for what it left running. */
  endSignal(): void {
    this.#controller?.abort(new DOMException('the execution has ended', 'AbortError'));
  }

  /** Begins the heartbeat. */
  start(): void {
    this.#options.lifecycle.add(this);
    // The claim took long: the first beat would come too late for two that fail.
    if (this.#isRenewed && this.#leftMs < 3.5 * this.#beatMs) void this.#renew();
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

  /** It is there to settle the record, which nothing is executed for. */
  startSettling(): void {
    this.#settling = true;
    this.#options.lifecycle.add(this);
  }

  /** The settlement takes long: from here on also a lease with a fixed deadline is renewed. */
  keep(): void {
    if (this.#isRenewed) return;
    this.#endBeat();
    this.#isRenewed = true;
    this.#beats = this.#options.delays.of(this.#beatMs);
    void this.#renew();
    this.#awaitBeat();
  }

  /** Ends the heartbeat. */
  stop(): void {
    this.#stopped = true;
    this.#endBeat();
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#options.lifecycle.remove(this);
  }

  /** Renews now, before it is started. Answers whether the lease is held again. */
  async renewNow(): Promise<boolean> {
    if (!this.#isRenewed) return false;
    const deadline = await this.#options.renew();
    if (deadline === undefined) return false;
    this.#prolong(deadline);
    return this.isHeld;
  }

  get #leftMs(): number {
    return this.#deadline - this.#options.clock.now();
  }

  #awaitBeat(): void {
    this.#beat = this.#beats.add(this.#onBeat);
    if (!this.#lost) this.#awaitEnd(this.#beat.due);
  }

  #endBeat(): void {
    if (this.#beat) this.#beats.remove(this.#beat);
    this.#beat = undefined;
    this.#cancelEnd?.();
    this.#cancelEnd = undefined;
  }

  /** An end that comes before the next beat has a timer of its own: the signal aborts on time. */
  #awaitEnd(nextBeat: number): void {
    if (this.#deadline >= nextBeat || this.#cancelEnd) return;
    const onEnd = (): void => {
      this.#cancelEnd = undefined;
      if (this.#leftMs <= 0) this.#loseInTime();
      else this.#awaitEnd(nextBeat);
    };
    this.#cancelEnd = outsideOfAnyCall(() =>
      this.#options.clock.schedule(this.#leftMs, onEnd, true),
    );
  }

  readonly #onBeat = (): void => {
    if (this.#leftMs <= 0) this.#loseInTime();
    if (!this.#isRenewed) return;
    this.#awaitBeat();
    // Not held up by one that is still unanswered: it may never be.
    void this.#renew();
  };

  async #renew(): Promise<void> {
    try {
      const deadline = await this.#options.renew();
      if (this.#stopped) return;
      if (deadline === undefined) this.#loseToAnother();
      else this.#prolong(deadline);
    } catch {
      // The next beat may come too late to be first when the store answers again.
      if (!this.#stopped) this.#retry();
    }
  }

  #retry(): void {
    if (this.#cancelRetry) return;
    const onDue = (): void => {
      this.#cancelRetry = undefined;
      void this.#renew();
    };
    this.#cancelRetry = outsideOfAnyCall(() =>
      this.#options.clock.schedule(Math.min(this.#retryMs, this.#beatMs), onDue, true),
    );
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
  }

  /** Answers may come in another order than they were asked for. */
  #prolong(deadline: number): void {
    this.#deadline = Math.max(this.#deadline, deadline);
    this.#retryMs = firstRetryMs;
  }

  #loseInTime(): void {
    if (!this.#settling) this.#lose(`the lease of ${this.#options.id} was not renewed in time`);
  }

  #loseToAnother(): void {
    if (this.#settling) return;
    this.stop();
    this.#lose(`${this.#options.id} was taken over or deleted`);
  }

  #lose(what: string): void {
    if (this.#lost) return;
    this.#lost = new IdempotencyError(
      'LEASE_LOST',
      `${what}; another executor may have started, so stop what has an effect`,
      { recordId: this.#options.id },
    );
    this.#controller?.abort(this.#lost);
    this.#options.onLost();
  }
}

/** The lease of a claim that was just acquired. `onLost` is told once, when it is over or lost. */
export function holdLease(
  { delays, lifecycle, requests, runtime }: Deployment,
  { id, token, leaseMs }: Pick<Claim, 'id' | 'token' | 'leaseMs'>,
  deadline: number,
  details: RequestDetails,
  heartbeat: boolean,
  onLost: () => void,
): HeldLease {
  return new HeldLease({
    id,
    clock: runtime.clock,
    delays,
    lifecycle,
    leaseMs,
    deadline,
    heartbeat,
    renew: () => requests.renew(id, token, leaseMs, details),
    onLost,
  });
}

/** The lease of a claim that is settled without executing anything: renewed only if that takes long. */
export function settlingLease(
  deployment: Deployment,
  claim: Pick<Claim, 'id' | 'token' | 'leaseMs'>,
  deadline: number,
  details: RequestDetails,
): HeldLease {
  const lease = holdLease(deployment, claim, deadline, details, false, () => {});
  lease.startSettling();
  return lease;
}
