import { IdempotencyError } from '@twiceproof/core';

export function corrupt(recordId: string, cause?: unknown): IdempotencyError<'RECORD_CORRUPT'> {
  return new IdempotencyError(
    'RECORD_CORRUPT',
    `what Redis holds for ${recordId} is not a record that this version of @twiceproof/redis can read; find out who wrote it, then delete the record`,
    cause === undefined ? { recordId } : { recordId, cause },
  );
}
