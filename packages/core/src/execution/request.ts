import { type Instrumentation, notify } from '../instrumentation.ts';
import type { StoreOptions } from '../store.ts';
import { Delayed } from './delay-queue.ts';

/** How requests are made, whatever they ask for. */
export interface RequestDetails {
  readonly retirement?: 'on' | 'paused';
  readonly instrumentation?: Instrumentation | undefined;
  /** Change the record only if it is still at this version. */
  readonly version?: string | undefined;
}

/** One request with all its tries: what the store is given as its options, and what falls due when its time
 * is over. */
export class Request extends Delayed implements StoreOptions {
  readonly retirement: 'on' | 'paused';
  readonly version: string | undefined;
  readonly instrumentation: Instrumentation | undefined;
  readonly details: RequestDetails;
  /** What is asked, for the message of who gets no answer. */
  readonly operation: string;
  readonly timeoutMs: number;
  /** Tries that ended without an answer: each of them may have landed, or may land yet. */
  faults = 0;
  /** When the latest try was sent. */
  sentAt = 0;
  /** The store's answer to it; undefined where the store threw before there was anything to wait for. */
  sent: Promise<unknown> | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  #giveUp: ((reason: Error) => void) | undefined = undefined;

  constructor(operation: string, details: RequestDetails, timeoutMs: number) {
    super();
    this.details = details;
    this.operation = operation;
    this.timeoutMs = timeoutMs;
    this.retirement = details.retirement ?? 'on';
    this.version = details.version;
    this.instrumentation = details.instrumentation;
  }

  /** Made only if the store reads it, as is what follows. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  get onTierLookup(): StoreOptions['onTierLookup'] {
    const { instrumentation } = this;
    if (!instrumentation?.tierLookup) return undefined;
    return (storeName, hit) => notify(() => instrumentation.tierLookup!(storeName, hit));
  }

  /** Whether somebody is to be told of it. */
  get isWatched(): boolean {
    return this.instrumentation?.storeOperation !== undefined;
  }

  /** One try. It ends when the store answers, or when the request is given up: all tries share one time, which is
   * waited for without a timer of each, other than with `within`. */
  until<Answer>(sent: Promise<Answer>): Promise<Answer> {
    this.sent = sent;
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      sent.then(resolve, reject);
    });
  }

  override fallDue(): void {
    const reason = new Error(`no answer to ${this.operation} within ${this.timeoutMs} ms`);
    // Made also if the store has not looked yet: it may do so later, before it sends what was given up.
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
    this.#giveUp?.(reason);
  }
}
