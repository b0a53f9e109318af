import type { IdempotencyRecord } from '@twiceproof/core';

/** When the record was settled, or lost its lease, by the clock of the store: never before it was started, also where
 * that clock was set back, or was not the one that told the start. */
export function endOf({ startedAt, completedAt, leaseUntil }: IdempotencyRecord): number {
  return Math.max(startedAt, completedAt ?? leaseUntil);
}
