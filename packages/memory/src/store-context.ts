import type { StoreOptions } from '@twiceproof/core';
import type { Table } from './table.ts';
import type { Time } from './time.ts';
import type { Watchers } from './watchers.ts';

/** What the operations of one store share. */
export interface StoreContext {
  readonly time: Time;
  readonly table: Table;
  readonly watchers: Watchers;
  readonly maxRecords: number;
  readonly maxRecordBytes: number;
  /** The last fence of any record id: one for all, so that it rises also when a record is gone. */
  fence: number;
}

export function isPaused(options: StoreOptions | undefined): boolean {
  return options?.retirement === 'paused';
}
