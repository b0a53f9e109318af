import type { Store } from '@twiceproof/core';

/** A way of being wrong, and the tests of the suite that must notice it. */
export interface FaultyStore {
  readonly name: string;
  /** What the store does wrong. */
  readonly fault: string;
  /** Titles of the specs that fail on it: these and no others. */
  readonly caughtBy: readonly string[];
  /** Makes a correct store wrong in this way. */
  wrap(store: Store): Store;
}
