import type { Queue } from './queue.ts';

/** What the store's operations share. */
export interface StoreContext {
  readonly queue: Queue;
}
