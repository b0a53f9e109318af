import type { RecordState } from '@twiceproof/console/wire';
import type { IdempotencyRecord } from '@twiceproof/core';
import { isHeld, isStuck } from '../records/status-text.ts';

/** Where a record stands, as an operator asks for it. */
export function stateOf(record: IdempotencyRecord, now: number): RecordState {
  if (record.status !== 'in_progress') return record.status;
  if (isHeld(record, now)) return 'held';
  return isStuck(record, now) ? 'stuck' : 'executing';
}
