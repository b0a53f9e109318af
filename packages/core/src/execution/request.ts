import { type Instrumentation, notify } from '../instrumentation.ts';
import type { StoreOptions } from '../store.ts';

/** How requests are made, whatever they ask for. */
export interface RequestDetails {
  readonly retirement?: 'on' | 'paused';
  readonly instrumentation?: Instrumentation | undefined;
  /** Change the record only if it is still at this version. */
  readonly version?: string | undefined;
}

/** One request with all its tries, as the store sees it. */
export class Request implements StoreOptions {
  readonly retirement: 'on' | 'paused';
  readonly version: string | undefined;
  readonly onTierLookup: StoreOptions['onTierLookup'];
  readonly instrumentation: Instrumentation | undefined;
  /** Tries that ended without an answer: each of them may have landed, or may land yet. */
  faults = 0;
  #controller: AbortController | undefined;
  #giveUp: ((reason: Error) => void) | undefined;

  constructor({ retirement = 'on', version, instrumentation }: RequestDetails) {
    this.retirement = retirement;
    this.version = version;
    this.instrumentation = instrumentation;
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
