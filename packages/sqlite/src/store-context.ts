import type { CheckedOptions } from './options.ts';
import type { Queue } from './queue.ts';

/** What the store's operations share. */
export interface StoreContext extends Pick<CheckedOptions, 'source' | 'maxRecordBytes'> {
  readonly queue: Queue;
}
