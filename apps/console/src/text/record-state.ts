import type { IdempotencyRecord } from '@idemkit/core';
import type { RecordState } from '../wire.ts';

/** Where a record stands, as an operator asks for it: what is in progress may be stuck. */
export function stateOf({ status, leaseUntil }: IdempotencyRecord, now: number): RecordState {
  if (status !== 'in_progress') return status;
  return leaseUntil <= now ? 'stuck' : 'executing';
}

/** An operator released it, and nothing has executed since. */
export function isReleased({ status, lastError }: IdempotencyRecord): boolean {
  return status === 'failed' && lastError?.name === 'Released';
}
