import { IdempotencyError } from '../errors.ts';

/** Thrown inside the codec by whatever finds bytes that it did not write; never leaves it. */
export class Malformed {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

export function recordCorrupt(
  recordId: string | undefined,
  reason: string,
  cause?: unknown,
): IdempotencyError<'RECORD_CORRUPT'> {
  return new IdempotencyError(
    'RECORD_CORRUPT',
    `the recorded outcome cannot be read: ${reason}; delete the record so that the work may run again, or complete it with the right value`,
    cause === undefined ? { recordId } : { recordId, cause },
  );
}

export function recordTooNew(
  recordId: string | undefined,
  format: number,
  readable: number,
): IdempotencyError<'RECORD_CORRUPT'> {
  return new IdempotencyError(
    'RECORD_CORRUPT',
    `the recorded outcome was written by a newer version of Idemkit (format ${format}, this one reads up to ${readable}); upgrade @idemkit/core`,
    { recordId },
  );
}
