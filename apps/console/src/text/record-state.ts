import type { IdempotencyRecord } from '@twiceproof/core';
import type { RecordState } from '../wire.ts';

/** Where a record stands, as an operator asks for it. */
export function stateOf(record: IdempotencyRecord, now: number): RecordState {
  if (record.status !== 'in_progress') return record.status;
  // Its attempt has ended, whatever is left of the lease by this clock.
  if (record.lastError !== undefined) return 'unknown';
  if (record.leaseUntil > now) return 'executing';
  // What waits for a verdict never expires by itself.
  return record.expiresAt === undefined ? 'held' : 'stuck';
}

/** An operator released it, and nothing has executed since. */
export function isReleased({ status, lastError }: IdempotencyRecord): boolean {
  return status === 'failed' && lastError?.name === 'Released';
}

/** Whether it is a workflow's own record. A step has the digest of its workflow's input as well. */
export function isWorkflow({ inputDigest, workflow }: IdempotencyRecord): boolean {
  return inputDigest !== undefined && workflow === undefined;
}
