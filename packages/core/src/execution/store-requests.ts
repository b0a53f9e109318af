import { sleep } from '../clock.ts';
import { aboutRecord, IdempotencyError, isIdempotencyError } from '../errors.ts';
import { type Instrumentation, notify, type StoreOperationInfo } from '../instrumentation.ts';
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
import type { DelayQueue } from './delay-queue.ts';

/** The claim's answer, with the monotonic end of the lease as the claimant must see it. */
export interface TimedAcquisition {
  readonly acquisition: Acquisition;
  readonly deadline: number;
}

/** How requests are made, whatever they ask for. */
export interface RequestDetails {
  readonly retirement?: 'on' | 'paused';
  readonly instrumentation?: Instrumentation | undefined;
  /** Change the record only if it is still at this version. */
  readonly version?: string | undefined;
}

/** One request with all its tries, as the store sees it. */
class Request implements StoreOptions {
  readonly retirement: 'on' | 'paused';
  readonly version: string | undefined;
  readonly onTierLookup: StoreOptions['onTierLookup'];
  #controller: AbortController | undefined;
  #giveUp: ((reason: Error) => void) | undefined;

  constructor({ retirement = 'on', version, instrumentation }: RequestDetails) {
    this.retirement = retirement;
    this.version = version;
    this.onTierLookup =
      instrumentation?.tierLookup &&
      ((storeName, hit) => notify(() => instrumentation.tierLookup!(storeName, hit)));
  }

  /** Made only if the store reads it. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  /** One try. It ends when the store answers, or when the request is given up. */
  try<Answer>(send: (request: this) => Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      send(this).then(resolve, reject);
    });
  }

  giveUp(reason: Error): void {
    // Made also if the store has not looked yet: it may do so later, before it sends what was given up.
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
    this.#giveUp?.(reason);
  }
}

const firstRetryMs = 25;
const longestRetryMs = 16 * firstRetryMs;

/**
 * A call's requests to the store. A fault is tried again with the same token: if the first try had
 * landed, the store recognises it. What is left after that is `STORE_UNAVAILABLE`.
 */
export class StoreRequests {
  readonly store: Store;
  readonly #runtime: Runtime;
  readonly #timeouts: DelayQueue;
  readonly #timeoutMs: number;

  constructor(store: Store, runtime: Runtime, timeouts: DelayQueue, timeoutMs: number) {
    this.store = store;
    this.#runtime = runtime;
    this.#timeouts = timeouts;
    this.#timeoutMs = timeoutMs;
  }

  async acquire(claim: Claim, details: RequestDetails): Promise<TimedAcquisition> {
    let sentAt = 0;
    const send = (options: StoreOptions): Promise<Acquisition> => {
      // Taken before the request leaves, so that our idea of the lease ends before the store's.
      sentAt = this.#runtime.clock.now();
      return this.store.acquire(claim, options);
    };
    const acquisition = await this.#untilAnswered('acquire', claim.id, details, send);
    return { acquisition, deadline: sentAt + acquisition.leaseRemainingMs };
  }

  /** One try: the next heartbeat is the retry. Answers the new deadline, or undefined if it is lost. */
  async renew(
    id: string,
    token: string,
    leaseMs: number,
    details: RequestDetails,
  ): Promise<number | undefined> {
    const sentAt = this.#runtime.clock.now();
    const lease = await this.#inTime('renew', details, (request) =>
      this.#observed('renew', id, details, request, (options) =>
        this.store.renew(id, token, leaseMs, options),
      ),
    );
    return lease && sentAt + lease.remainingMs;
  }

  complete(
    id: string,
    token: string,
    outcome: EncodedOutcome,
    details: RequestDetails,
  ): Promise<Settlement> {
    return this.#untilAnswered('complete', id, details, (options) =>
      this.store.complete(id, token, outcome, options),
    );
  }

  release(
    id: string,
    token: string,
    failure: FailureNote,
    details: RequestDetails,
  ): Promise<Settlement> {
    return this.#untilAnswered('release', id, details, (options) =>
      this.store.release(id, token, failure, options),
    );
  }

  /** One try of a request that belongs to no call, such as an operator's. */
  async askOnce<Answer>(
    operation: string,
    recordId: string | undefined,
    details: RequestDetails,
    send: (options: StoreOptions & RequestDetails) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      return await this.#inTime(operation, details, (request) => request.try(send));
    } catch (fault) {
      if (isIdempotencyError(fault)) throw aboutRecord(fault, recordId);
      throw this.#unavailable(operation, recordId, fault);
    }
  }

  #untilAnswered<Answer extends { readonly status: string }>(
    operation: StoreOperationInfo['operation'],
    id: string,
    details: RequestDetails,
    send: (options: StoreOptions) => Promise<Answer>,
  ): Promise<Answer> {
    return this.#inTime(operation, details, async (request, endsAt) => {
      const { clock, random } = this.#runtime;
      for (let retryMs = firstRetryMs; ; retryMs *= 4) {
        try {
          return await this.#observed(operation, id, details, request, send);
        } catch (fault) {
          if (isIdempotencyError(fault)) throw aboutRecord(fault, id);
          const pauseMs = retryMs * (0.5 + random());
          if (retryMs > longestRetryMs || clock.now() + pauseMs >= endsAt) {
            throw this.#unavailable(operation, id, fault);
          }
          await sleep(clock, pauseMs);
          // The pause took longer than it should have, and nothing watches over another try.
          if (clock.now() >= endsAt) throw this.#unavailable(operation, id, fault);
        }
      }
    });
  }

  /** A request and all its tries share one timeout. */
  async #inTime<Answer>(
    operation: string,
    details: RequestDetails,
    ask: (request: Request, endsAt: number) => Promise<Answer>,
  ): Promise<Answer> {
    const request = new Request(details);
    const timeout = this.#timeouts.add(() =>
      request.giveUp(new Error(`no answer to ${operation} within ${this.#timeoutMs} ms`)),
    );
    try {
      return await ask(request, timeout.due);
    } finally {
      this.#timeouts.remove(timeout);
    }
  }

  #observed<Answer extends { readonly status?: string } | Lease | undefined>(
    operation: StoreOperationInfo['operation'],
    id: string,
    { instrumentation }: RequestDetails,
    request: Request,
    send: (options: StoreOptions) => Promise<Answer>,
  ): Promise<Answer> {
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
}
