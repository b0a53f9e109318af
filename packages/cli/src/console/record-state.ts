import type { RecordState } from '@twiceproof/console/wire';
import type { IdempotencyRecord } from '@twiceproof/core';
import { statusText } from '../records/status-text.ts';

/** Where a record stands, as an operator asks for it. */
export function stateOf(record: IdempotencyRecord, now: number): RecordState {
  const text = statusText(record, now);
  return text === 'in_progress' ? 'executing' : text;
}
