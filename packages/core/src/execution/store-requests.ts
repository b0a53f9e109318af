import { sleep } from '../clock.ts';
import { aboutRecord, IdempotencyError, isIdempotencyError } from '../errors.ts';
import type { StoreOperationInfo } from '../instrumentation.ts';
import type { Runtime } from '../options/options.ts';
import type {
  Acquisition,
  AtOnce,
  Claim,
  EncodedOutcome,
  FailureNote,
  Settlement,
  Store,
  StoreOptions,
} from '../store.ts';
import type { Background } from './background.ts';
import type { DelayQueue } from './delay-queue.ts';
import { Request, type RequestDetails } from './request.ts';
import { type StoreAnswer, watchedRequest } from './watched-request.ts';
import { withdrawalOf } from './withdrawal.ts';

/** The claim's answer, with the monotonic end of the lease as the claimant must see it. */
export interface TimedAcquisition {
  readonly acquisition: Acquisition;
  readonly deadline: number;
}

const firstRetryMs = 25;
const longestRetryMs = 16 * firstRetryMs;

/** A claim of which a try ended without an answer, with its latest try. */
interface UnsureClaim {
  readonly claim: Claim;
  readonly details: RequestDetails;
  readonly sent: Promise<Acquisition>;
}

/** A request of which the first try has ended without an answer. */
export interface Faulted<Answer> {
  readonly request: Request;
  /** Undefined where the store threw before there was anything to wait for. */
  readonly sent: Promise<Answer> | undefined;
  readonly fault: unknown;
}

/** What came of the first try of a request. */
export type FirstTry<Answer> = Faulted<Answer> | { readonly answer: Answer };

type Send<Answer> = (options: StoreOptions) => Promise<Answer>;

/**
 * A call's requests to the store. A fault is tried again with the same token until the timeout is
 * over: if the first try had landed, the store recognises it. What is left after that is
 * `STORE_UNAVAILABLE`.
 */
export class StoreRequests {
  readonly store: Store;
  readonly #runtime: Runtime;
  readonly #timeouts: DelayQueue;
  readonly #timeoutMs: number;
  readonly #background: Background;
  /** By token: claims that may land once more when their callers are done with them. */
  readonly #unsure = new Map<string, UnsureClaim>();

  constructor(
    store: Store,
    runtime: Runtime,
    timeouts: DelayQueue,
    timeoutMs: number,
    background: Background,
  ) {
    this.store = store;
    this.#runtime = runtime;
    this.#timeouts = timeouts;
    this.#timeoutMs = timeoutMs;
    this.#background = background;
  }

  /** Too much waits to be settled: nothing new is claimed. */
  get isOverburdened(): boolean {
    return this.#background.isFull;
  }

  /** What the store answers without a promise, as long as its `acquire` or `complete` is still the method
   * that this stands for: who has put another one in its place is to be asked. */
  get acquiringAtOnce(): AtOnce | undefined {
    const { atOnce, acquire } = this.store;
    return atOnce !== undefined && atOnce.of.acquire === acquire ? atOnce : undefined;
  }
  get completingAtOnce(): AtOnce | undefined {
    const { atOnce, complete } = this.store;
    return atOnce !== undefined && atOnce.of.complete === complete ? atOnce : undefined;
  }

  /** A request whose time begins now. It must be closed. */
  open(
    operation: string,
    details: RequestDetails,
    now: number = this.#runtime.clock.now(),
  ): Request {
    const request = new Request(operation, details, this.#timeoutMs);
    request.sentAt = now;
    this.#timeouts.enter(request, now);
    return request;
  }

  close(request: Request): void {
    this.#timeouts.remove(request);
  }

  /** The first try of a claim. */
  acquireOnce(claim: Claim, request: Request): Promise<Acquisition> {
    const { store } = this;
    if (!request.isWatched) return request.until(store.acquire(claim, request));
    return this.once('acquire', claim.id, request, (options) => store.acquire(claim, options));
  }

  /** The first try to complete a record. */
  completeOnce(
    { id, token }: Claim,
    outcome: EncodedOutcome,
    request: Request,
  ): Promise<Settlement> {
    const { store } = this;
    if (!request.isWatched) return request.until(store.complete(id, token, outcome, request));
    return this.once('complete', id, request, (options) =>
      store.complete(id, token, outcome, options),
    );
  }

  /** Who claims must settle the record with the claim's token, or `disown` the claim; one that only
   * settles is disowned where it is refused. */
  async acquire(claim: Claim, details: RequestDetails): Promise<TimedAcquisition> {
    if (this.isOverburdened) throw this.#overburdened(claim.id);
    return this.#acquire(claim, this.open('acquire', details), undefined);
  }

  /** Goes on with a claim whose first try has failed. */
  acquireAfter(claim: Claim, first: Faulted<Acquisition>): Promise<TimedAcquisition> {
    return this.#acquire(claim, first.request, first);
  }

  async #acquire(
    claim: Claim,
    request: Request,
    first: Faulted<Acquisition> | undefined,
  ): Promise<TimedAcquisition> {
    let sent = first?.sent;
    let isRefused = true;
    const send = (options: StoreOptions): Promise<Acquisition> => {
      // Taken before the request leaves, so that our idea of the lease ends before the store's.
      request.sentAt = this.#runtime.clock.now();
      sent = this.store.acquire(claim, options);
      return sent;
    };
    try {
      const acquisition = await this.#untilAnswered('acquire', claim.id, request, send, first);
      isRefused = acquisition.status !== 'acquired';
      return { acquisition, deadline: request.sentAt + acquisition.leaseRemainingMs };
    } finally {
      if (sent && request.faults > 0) {
        this.#unsure.set(claim.token, { claim, details: request.details, sent });
        if (claim.settlesOnly && isRefused) this.disown(claim.token);
      }
    }
  }

  /** Nobody goes on with this claim: what landed of it, or lands late, is taken back. */
  disown(token: string): void {
    const unsure = this.#unsure.get(token);
    if (!unsure) return;
    this.#unsure.delete(token);
    const { claim, details, sent } = unsure;
    const withdrawal = withdrawalOf(claim, this.#runtime.clock, (note) =>
      this.askOnce('release', claim.id, details, (options) =>
        this.store.release(claim.id, token, note, options),
      ),
    );
    this.#background.add(withdrawal);
    const onLate = ({ status }: Acquisition): void => {
      if (status === 'acquired') this.#background.add({ ...withdrawal });
    };
    sent.then(onLate, () => {});
  }

  /** One try: the next heartbeat is the retry. Answers the new deadline, or undefined if it is lost. */
  async renew(
    id: string,
    token: string,
    leaseMs: number,
    details: RequestDetails,
  ): Promise<number | undefined> {
    const request = this.open('renew', details);
    const { sentAt } = request;
    try {
      const lease = await this.once('renew', id, request, (options) =>
        this.store.renew(id, token, leaseMs, options),
      );
      return lease && sentAt + lease.remainingMs;
    } finally {
      this.close(request);
    }
  }

  /** `first` was made already. */
  async complete(
    id: string,
    token: string,
    outcome: EncodedOutcome,
    details: RequestDetails,
    first?: FirstTry<Settlement>,
  ): Promise<Settlement> {
    if (first && 'answer' in first) {
      this.completed(token, first.answer);
      return first.answer;
    }
    const request = first?.request ?? this.open('complete', details);
    const send = (options: StoreOptions): Promise<Settlement> =>
      this.store.complete(id, token, outcome, options);
    const settlement = await this.#untilAnswered('complete', id, request, send, first);
    this.completed(token, settlement);
    return settlement;
  }

  /** What a completion's answer means to a claim that may land once more. */
  completed(token: string, { status }: Settlement): void {
    if (this.#unsure.size === 0) return;
    // Completed, it cannot be claimed once more.
    if (status === 'lost') this.disown(token);
    else if (status !== 'too_large') this.#unsure.delete(token);
  }

  /** Undefined if the record is not mine any more, which may be the work of an earlier try. */
  async release(
    id: string,
    token: string,
    failure: FailureNote,
    details: RequestDetails,
  ): Promise<Settlement | undefined> {
    const request = this.open('release', details);
    const settlement = await this.#untilAnswered('release', id, request, (options) =>
      this.store.release(id, token, failure, options),
    );
    // What is left in progress waits for a verdict under this token.
    if (failure.unknown) this.#unsure.delete(token);
    else this.disown(token);
    return settlement.status === 'lost' && request.faults > 0 ? undefined : settlement;
  }

  /** One try of a request that belongs to no call, such as an operator's. */
  async askOnce<Answer>(
    operation: string,
    recordId: string | undefined,
    details: RequestDetails,
    send: (options: StoreOptions & RequestDetails) => Promise<Answer>,
  ): Promise<Answer> {
    const request = this.open(operation, details);
    try {
      return await request.until(send(request));
    } catch (fault) {
      if (isIdempotencyError(fault)) throw aboutRecord(fault, recordId);
      throw this.#unavailable(operation, recordId, fault);
    } finally {
      this.close(request);
    }
  }

  /** Tries share one timeout, and are over when the store has answered. Closes the request. */
  async #untilAnswered<Answer extends { readonly status: string }>(
    operation: StoreOperationInfo['operation'],
    id: string,
    request: Request,
    send: Send<Answer>,
    first?: Faulted<Answer>,
  ): Promise<Answer> {
    const { clock, random } = this.#runtime;
    const endsAt = request.due;
    let failed = first;
    try {
      for (let retryMs = firstRetryMs; ; retryMs = Math.min(retryMs * 4, longestRetryMs)) {
        let fault: unknown;
        try {
          if (!failed) return await this.once(operation, id, request, send);
          fault = failed.fault;
        } catch (thrown) {
          fault = thrown;
        }
        failed = undefined;
        if (isIdempotencyError(fault)) throw aboutRecord(fault, id);
        request.faults++;
        const pauseMs = retryMs * (0.5 + random());
        if (clock.now() + pauseMs >= endsAt) throw this.#unavailable(operation, id, fault);
        await sleep(clock, pauseMs);
        // The pause took longer than it should have, and nothing watches over another try.
        const isLate = clock.now() >= endsAt || this.#background.hasEnded;
        if (isLate) throw this.#unavailable(operation, id, fault);
      }
    } finally {
      this.close(request);
    }
  }

  /** One try, which somebody may watch. */
  once<Answer extends StoreAnswer>(
    operation: StoreOperationInfo['operation'],
    id: string,
    request: Request,
    send: Send<Answer>,
  ): Promise<Answer> {
    const { instrumentation } = request;
    if (!instrumentation?.storeOperation) return request.until(send(request));
    const info = { storeName: this.store.name, operation, id, outcome: undefined };
    return watchedRequest(instrumentation, info, () => request.until(send(request)));
  }

  #unavailable(operation: string, recordId: string | undefined, cause: unknown): IdempotencyError {
    const detail = cause instanceof Error ? cause.message || cause.name : String(cause);
    return new IdempotencyError(
      'STORE_UNAVAILABLE',
      `store '${this.store.name}' could not ${operation}: ${detail}; check that it is reachable and that the credentials are right, then call again`,
      { recordId, cause },
    );
  }
  #overburdened(recordId: string): IdempotencyError {
    return new IdempotencyError(
      'STORE_UNAVAILABLE',
      `store '${this.store.name}' was not asked: too much waits to be settled there since it stopped answering; repair it, then call again`,
      { recordId },
    );
  }
}
