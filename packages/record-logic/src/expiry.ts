import type { StoredRecord, StoreOptions } from '@twiceproof/core';

/** Whether the record still counts. While retirement is paused, completed records go on counting. */
export function counts(record: StoredRecord, now: number, paused: boolean): boolean {
  const { expiresAt, status } = record;
  return expiresAt === undefined || now < expiresAt || (paused && status === 'completed');
}

export function isPaused(options: StoreOptions | undefined): boolean {
  return options?.retirement === 'paused';
}

/** When something kept for this long ends; undefined for never. */
export function endOf(start: number, retentionMs: number | null): number | undefined {
  return retentionMs === null ? undefined : Math.ceil(start + retentionMs);
}
