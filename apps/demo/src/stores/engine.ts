import type { Store } from '@twiceproof/core';
import type { StoreAddress } from './store-address.ts';

/** A store that runs for all workers. */
export interface Engine {
  readonly address: StoreAddress;
  /** For this process; that of PGlite not while workers are connected. */
  readonly store: Store;
  /** Where its records are found again by the next run; undefined when they end with this run. */
  readonly keptAt: string | undefined;
  close(): Promise<void>;
}
