import {
  createIdempotency,
  type Idempotency,
  type IdempotencyOptions,
  type Store,
} from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';

/** A deployment on a store in memory. */
export interface Deployed {
  readonly idempotency: Idempotency;
  readonly store: Store;
  /** Another process of the same deployment: the same records, nothing else in common. */
  readonly elsewhere: (options?: Partial<IdempotencyOptions>) => Idempotency;
}

export function deployed(options: Partial<IdempotencyOptions> = {}): Deployed {
  const store = options.store ?? memoryStore();
  const process = (own: Partial<IdempotencyOptions>): Idempotency =>
    createIdempotency({ environment: 'test', ...options, store: { ...store }, ...own });
  return { idempotency: process({}), store, elsewhere: (own = {}) => process(own) };
}
