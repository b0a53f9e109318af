import type { StoredRecord, StoreOptions } from '@twiceproof/core';
import type { OwnClaims } from '@twiceproof/core/toolkit';
import type { Database } from './database.ts';
import type { Names } from './names.ts';
import type { Requests } from './requests.ts';

/** What the store's operations share. */
export interface StoreContext {
  readonly names: Names;
  readonly database: Database;
  readonly requests: Requests;
  readonly ownClaims: OwnClaims<StoredRecord>;
  readonly timeoutMs: number;
  readonly maxRecordBytes: number;
  /** Whether nothing is ever retired. */
  readonly paused: boolean;
  /** Whether who waits for a record is woken. */
  readonly notify: boolean;
}

/** Whether records past their retention go on counting, for this request. */
export function isPaused({ paused }: StoreContext, asked: StoreOptions | undefined): boolean {
  return paused || asked?.retirement === 'paused';
}
