import type { IdempotencyRecord } from '@twiceproof/core';

/** When the record was settled, or lost its lease, by the clock of the store. */
export function endOf({ completedAt, leaseUntil }: IdempotencyRecord): number {
  return completedAt ?? leaseUntil;
}
