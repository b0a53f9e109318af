import { sleep } from '../clock.ts';
import { aboutRecord, IdempotencyError, isIdempotencyError } from '../errors.ts';
import type { Instrumentation, StoreOperationInfo } from '../instrumentation.ts';
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

/** `signal` is made only if the store reads it. */
class RequestOptions implements StoreOptions {
  readonly retirement: 'on' | 'paused';
  readonly onTierLookup: StoreOptions['onTierLookup'];
  #controller: AbortController | undefined;

  constructor(retirement: 'on' | 'paused', onTierLookup: StoreOptions['onTierLookup']) {
    this.retirement = retirement;
    this.onTierLookup = onTierLookup;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#controller?.abort(reason);
  }
}

const firstRetryMs = 25;

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

  async acquire(
    claim: Claim,
    retirement: 'on' | 'paused',
    instrumentation: Instrumentation | undefined,
  ): Promise<TimedAcquisition> {
    let sentAt = 0;
    const acquisition = await this.#request(
      'acquire',
      claim.id,
      retirement,
      instrumentation,
      (options) => {
        // Taken before the request leaves, so that our idea of the lease ends before the store's.
        sentAt = this.#runtime.clock.now();
        return this.store.acquire(claim, options);
      },
    );
    return { acquisition, deadline: sentAt + acquisition.leaseRemainingMs };
  }

  /** One try: the next heartbeat is the retry. Answers the new deadline, or undefined if it is lost. */
  async renew(
    id: string,
    token: string,
    leaseMs: number,
    instrumentation: Instrumentation | undefined,
  ): Promise<number | undefined> {
    const sentAt = this.#runtime.clock.now();
    const send = (options: StoreOptions): Promise<Lease | undefined> =>
      this.store.renew(id, token, leaseMs, options);
    const lease = await this.#observed('renew', id, 'on', instrumentation, send);
    return lease && sentAt + lease.remainingMs;
  }

  complete(
    id: string,
    token: string,
    outcome: EncodedOutcome,
    instrumentation: Instrumentation | undefined,
  ): Promise<Settlement> {
    return this.#request('complete', id, 'on', instrumentation, (options) =>
      this.store.complete(id, token, outcome, options),
    );
  }

  release(
    id: string,
    token: string,
    failure: FailureNote,
    instrumentation: Instrumentation | undefined,
  ): Promise<Settlement> {
    return this.#request('release', id, 'on', instrumentation, (options) =>
      this.store.release(id, token, failure, options),
    );
  }

  /** One try of a request that belongs to no call, such as an operator's. */
  async askOnce<Answer>(
    operation: string,
    recordId: string | undefined,
    send: (options: StoreOptions) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      return await this.#withinTimeout(operation, 'on', undefined, send);
    } catch (fault) {
      if (isIdempotencyError(fault)) throw aboutRecord(fault, recordId);
      throw this.#unavailable(operation, recordId, fault);
    }
  }

  async #request<Answer extends { readonly status: string }>(
    operation: StoreOperationInfo['operation'],
    id: string,
    retirement: 'on' | 'paused',
    instrumentation: Instrumentation | undefined,
    send: (options: StoreOptions) => Promise<Answer>,
  ): Promise<Answer> {
    const { clock, random } = this.#runtime;
    const giveUpAt = clock.now() + this.#timeoutMs;
    for (let retryMs = firstRetryMs; ; retryMs *= 4) {
      try {
        return await this.#observed(operation, id, retirement, instrumentation, send);
      } catch (fault) {
        if (isIdempotencyError(fault)) throw aboutRecord(fault, id);
        const pauseMs = retryMs * (0.5 + random());
        if (retryMs > 16 * firstRetryMs || clock.now() + pauseMs >= giveUpAt) {
          throw this.#unavailable(operation, id, fault);
        }
        await sleep(clock, pauseMs);
      }
    }
  }

  async #observed<Answer extends { readonly status?: string } | Lease | undefined>(
    operation: StoreOperationInfo['operation'],
    id: string,
    retirement: 'on' | 'paused',
    instrumentation: Instrumentation | undefined,
    send: (options: StoreOptions) => Promise<Answer>,
  ): Promise<Answer> {
    if (!instrumentation?.storeOperation)
      return this.#withinTimeout(operation, retirement, instrumentation, send);
    const info: StoreOperationInfo = {
      storeName: this.store.name,
      operation,
      id,
      outcome: undefined,
    };
    return instrumentation.storeOperation(info, async () => {
      try {
        const answer = await this.#withinTimeout(operation, retirement, instrumentation, send);
        info.outcome =
          answer === undefined ? 'lost' : ((answer as { status?: string }).status ?? 'done');
        return answer;
      } catch (fault) {
        info.outcome = 'error';
        throw fault;
      }
    });
  }

  #withinTimeout<Answer>(
    operation: string,
    retirement: 'on' | 'paused',
    instrumentation: Instrumentation | undefined,
    send: (options: StoreOptions) => Promise<Answer>,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const options = new RequestOptions(retirement, instrumentation?.tierLookup);
      const timeout = this.#timeouts.add(() => {
        const reason = new Error(`no answer to ${operation} within ${this.#timeoutMs} ms`);
        options.abort(reason);
        reject(reason);
      });
      let answer: Promise<Answer>;
      try {
        answer = send(options);
      } catch (fault) {
        answer = Promise.reject(fault);
      }
      answer.then(
        (value) => {
          this.#timeouts.remove(timeout);
          resolve(value);
        },
        (fault: unknown) => {
          this.#timeouts.remove(timeout);
          reject(fault);
        },
      );
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
