import { IdempotencyError } from '../errors.ts';
import type { Claim } from '../store.ts';
import { Delayed, type DelayQueue, outsideOfAnyCall } from './delay-queue.ts';
import type { Deployment } from './deployment.ts';
import type { Ongoing } from './lifecycle.ts';
import type { RequestDetails } from './request.ts';

/** Whose lease it is, and for how long. */
type LeaseClaim = Pick<Claim, 'id' | 'token' | 'leaseMs'>;

/** Two beats may fail, and the third still comes while the lease lasts. */
const beatsPerLease = 4;
const firstRetryMs = 25;
const longestRetryMs = 1_000;

/**
 * The lease of one running attempt, which is itself what waits for the next beat. It is renewed until it is
 * stopped, also when it seems to be over: whoever comes next may not have come yet. Its signal aborts when it
 * is over or lost.
 */
export class HeldLease extends Delayed implements Ongoing {
  readonly deployment: Deployment;
  place = -1;
  readonly #claim: LeaseClaim;
  readonly #details: RequestDetails;
  readonly #beatMs: number;
  #deadline: number;
  #isRenewed: boolean;
  /** Falls due several times within a lease that is renewed, and once at the end of one that is not. */
  #beats: DelayQueue;
  #cancelEnd: (() => void) | undefined = undefined;
  #cancelRetry: (() => void) | undefined = undefined;
  #retryMs = firstRetryMs;
  #settling = false;
  #stopped = false;
  #lost: IdempotencyError | undefined = undefined;
  #interruption: IdempotencyError | undefined = undefined;
  #controller: AbortController | undefined = undefined;

  /** `deadline` is the monotonic end of the lease. Without a heartbeat it is fixed: the lease is not renewed
   * while the function runs. */
  constructor(
    deployment: Deployment,
    claim: LeaseClaim,
    deadline: number,
    details: RequestDetails,
    heartbeat: boolean,
  ) {
    super();
    this.deployment = deployment;
    this.#claim = claim;
    this.#details = details;
    this.#deadline = deadline;
    this.#isRenewed = heartbeat;
    this.#beatMs = Math.max(1, Math.floor(claim.leaseMs / beatsPerLease));
    this.#beats = deployment.delays.of(heartbeat ? this.#beatMs : claim.leaseMs);
  }

  /** Told once, when the lease is over or lost while the function runs. */
  protected onLost(): void {}

  /** Whether it is held, with enough left to start on. */
  isAmple(now: number): boolean {
    const leftMs = this.#deadline - now;
    if (this.#lost !== undefined || leftMs <= 0) return false;
    return !this.#isRenewed || leftMs >= this.#claim.leaseMs / 2;
  }

  /** False once the lease is over or lost: nothing new may be started. */
  get isHeld(): boolean {
    return this.#lost === undefined && this.#leftMs > 0;
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
    return this.#claim.id;
  }

  /** Tells the function to stop. The lease goes on: there is something to settle. */
  interrupt(reason: IdempotencyError): void {
    this.#interruption ??= reason;
    this.#controller?.abort(reason);
  }

  /** The function has had its time: it is told to stop, and nothing of it is started any more. */
  overrun(reason: IdempotencyError): void {
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
  start(now: number = this.#now): void {
    this.deployment.lifecycle.add(this);
    // The claim took long: the first beat would come too late for two that fail.
    if (this.#isRenewed && this.#deadline - now < 3.5 * this.#beatMs) void this.#renew();
    this.#awaitBeat(now);
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
    this.deployment.lifecycle.add(this);
  }

  /** The settlement takes long: from here on also a lease with a fixed deadline is renewed. */
  keep(): void {
    if (this.#isRenewed) return;
    this.#endBeat();
    this.#isRenewed = true;
    this.#beats = this.deployment.delays.of(this.#beatMs);
    void this.#renew();
    this.#awaitBeat();
  }

  /** Ends the heartbeat. */
  stop(): void {
    this.#stopped = true;
    this.#endBeat();
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.deployment.lifecycle.remove(this);
  }

  /** Renews now, before it is started. Answers whether the lease is held again. */
  async renewNow(): Promise<boolean> {
    if (!this.#isRenewed) return false;
    const deadline = await this.#askToRenew();
    if (deadline === undefined) return false;
    this.#prolong(deadline);
    return this.isHeld;
  }

  get #now(): number {
    return this.deployment.runtime.clock.now();
  }

  get #leftMs(): number {
    return this.#deadline - this.#now;
  }

  /** A new deadline; undefined if the record is no longer mine. */
  #askToRenew(): Promise<number | undefined> {
    const { id, token, leaseMs } = this.#claim;
    return this.deployment.requests.renew(id, token, leaseMs, this.#details);
  }

  #awaitBeat(now = this.#now): void {
    this.#beats.enter(this, now);
    if (!this.#lost) this.#awaitEnd(this.due);
  }

  #endBeat(): void {
    this.#beats.remove(this);
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
      this.deployment.runtime.clock.schedule(this.#leftMs, onEnd, true),
    );
  }

  override fallDue(): void {
    if (this.#leftMs <= 0) this.#loseInTime();
    if (!this.#isRenewed) return;
    this.#awaitBeat();
    // Not held up by one that is still unanswered: it may never be.
    void this.#renew();
  }

  async #renew(): Promise<void> {
    try {
      const deadline = await this.#askToRenew();
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
      this.deployment.runtime.clock.schedule(Math.min(this.#retryMs, this.#beatMs), onDue, true),
    );
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
  }

  /** Answers may come in another order than they were asked for. */
  #prolong(deadline: number): void {
    this.#deadline = Math.max(this.#deadline, deadline);
    this.#retryMs = firstRetryMs;
  }

  #loseInTime(): void {
    if (!this.#settling) this.#lose(`the lease of ${this.#claim.id} was not renewed in time`);
  }

  #loseToAnother(): void {
    if (this.#settling) return;
    this.stop();
    this.#lose(`${this.#claim.id} was taken over or deleted`);
  }

  #lose(what: string): void {
    if (this.#lost) return;
    this.#lost = new IdempotencyError(
      'LEASE_LOST',
      `${what}; another executor may have started, so stop what has an effect`,
      { recordId: this.#claim.id },
    );
    this.#controller?.abort(this.#lost);
    this.onLost();
  }
}

/** The lease of a claim that is settled without executing anything: renewed only if that takes long. */
export function settlingLease(
  deployment: Deployment,
  claim: LeaseClaim,
  deadline: number,
  details: RequestDetails,
): HeldLease {
  const lease = new HeldLease(deployment, claim, deadline, details, false);
  lease.startSettling();
  return lease;
}
