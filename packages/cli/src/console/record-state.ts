import type { RecordState } from '@idemkit/console/wire';
import type { IdempotencyRecord } from '@idemkit/core';
import { isStuck } from '../records/status-text.ts';

/** Where a record stands, as an operator asks for it. */
export function stateOf(record: IdempotencyRecord, now: number): RecordState {
  if (record.status !== 'in_progress') return record.status;
  return isStuck(record, now) ? 'stuck' : 'executing';
}
