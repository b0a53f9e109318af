import { sleep } from '../clock.ts';
import { aboutRecord, IdempotencyError, isIdempotencyError } from '../errors.ts';
import type { StoreOperationInfo } from '../instrumentation.ts';
import type { Runtime } from '../options/options.ts';
import type {
  Acquisition,
  Claim,
  EncodedOutcome,
  FailureNote,
  Lease,
  Settlement,
  Store,
  StoreOptions,
} from '../store.ts';
import type { Background } from './background.ts';
import type { DelayQueue } from './delay-queue.ts';
import { Request, type RequestDetails } from './request.ts';
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

  /** Who claims must settle the record with the claim's token, or `disown` the claim; one that only
   * settles is disowned where it is refused. */
  async acquire(claim: Claim, details: RequestDetails): Promise<TimedAcquisition> {
    if (this.#background.isFull) throw this.#overburdened(claim.id);
    const request = new Request(details);
    let sentAt = 0;
    let sent: Promise<Acquisition> | undefined;
    let isRefused = true;
    const send = (options: StoreOptions): Promise<Acquisition> => {
      // Taken before the request leaves, so that our idea of the lease ends before the store's.
      sentAt = this.#runtime.clock.now();
      sent = this.store.acquire(claim, options);
      return sent;
    };
    try {
      const acquisition = await this.#untilAnswered('acquire', claim.id, request, send);
      isRefused = acquisition.status !== 'acquired';
      return { acquisition, deadline: sentAt + acquisition.leaseRemainingMs };
    } finally {
      if (sent && request.faults > 0) {
        this.#unsure.set(claim.token, { claim, details, sent });
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
    const withdrawal = withdrawalOf(claim, this.#runtime.clock.now, (note) =>
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
    const sentAt = this.#runtime.clock.now();
    const request = new Request(details);
    const lease = await this.#inTime('renew', request, () =>
      this.#observed('renew', id, request, (options) =>
        this.store.renew(id, token, leaseMs, options),
      ),
    );
    return lease && sentAt + lease.remainingMs;
  }

  async complete(
    id: string,
    token: string,
    outcome: EncodedOutcome,
    details: RequestDetails,
  ): Promise<Settlement> {
    const settlement = await this.#untilAnswered('complete', id, new Request(details), (options) =>
      this.store.complete(id, token, outcome, options),
    );
    // Completed, it cannot be claimed once more.
    if (settlement.status === 'lost') this.disown(token);
    else if (settlement.status !== 'too_large') this.#unsure.delete(token);
    return settlement;
  }

  /** Undefined if the record is not mine any more, which may be the work of an earlier try. */
  async release(
    id: string,
    token: string,
    failure: FailureNote,
    details: RequestDetails,
  ): Promise<Settlement | undefined> {
    const request = new Request(details);
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
    try {
      const request = new Request(details);
      return await this.#inTime(operation, request, () => request.try(send));
    } catch (fault) {
      if (isIdempotencyError(fault)) throw aboutRecord(fault, recordId);
      throw this.#unavailable(operation, recordId, fault);
    }
  }

  #untilAnswered<Answer extends { readonly status: string }>(
    operation: StoreOperationInfo['operation'],
    id: string,
    request: Request,
    send: (options: StoreOptions) => Promise<Answer>,
  ): Promise<Answer> {
    return this.#inTime(operation, request, async (endsAt) => {
      const { clock, random } = this.#runtime;
      for (let retryMs = firstRetryMs; ; retryMs = Math.min(retryMs * 4, longestRetryMs)) {
        try {
          return await this.#observed(operation, id, request, send);
        } catch (fault) {
          if (isIdempotencyError(fault)) throw aboutRecord(fault, id);
          request.faults++;
          const pauseMs = retryMs * (0.5 + random());
          if (clock.now() + pauseMs >= endsAt) throw this.#unavailable(operation, id, fault);
          await sleep(clock, pauseMs);
          // The pause took longer than it should have, and nothing watches over another try.
          const isLate = clock.now() >= endsAt || this.#background.hasEnded;
          if (isLate) throw this.#unavailable(operation, id, fault);
        }
      }
    });
  }

  /** A request and all its tries share one timeout. */
  async #inTime<Answer>(
    operation: string,
    request: Request,
    ask: (endsAt: number) => Promise<Answer>,
  ): Promise<Answer> {
    const timeout = this.#timeouts.add(() =>
      request.giveUp(new Error(`no answer to ${operation} within ${this.#timeoutMs} ms`)),
    );
    try {
      return await ask(timeout.due);
    } finally {
      this.#timeouts.remove(timeout);
    }
  }

  #observed<Answer extends { readonly status?: string } | Lease | undefined>(
    operation: StoreOperationInfo['operation'],
    id: string,
    request: Request,
    send: (options: StoreOptions) => Promise<Answer>,
  ): Promise<Answer> {
    const { instrumentation } = request;
    if (!instrumentation?.storeOperation) return request.try(send);
    const info: StoreOperationInfo = {
      storeName: this.store.name,
      operation,
      id,
      outcome: undefined,
    };
    return instrumentation.storeOperation(info, async () => {
      try {
        const answer = await request.try(send);
        info.outcome =
          answer === undefined ? 'lost' : ((answer as { status?: string }).status ?? 'done');
        return answer;
      } catch (fault) {
        info.outcome = 'error';
        throw fault;
      }
    });
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
