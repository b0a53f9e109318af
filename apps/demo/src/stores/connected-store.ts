import type { Invalidation, Store } from '@twiceproof/core';

/** A process's own way to a store. */
export interface ConnectedStore {
  readonly store: Store;
  /** Lets the tiers of all processes forget what an operator changed, where the store can tell them. */
  readonly invalidation?: Invalidation;
  close(): Promise<void>;
}
