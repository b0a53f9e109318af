import { IdempotencyError } from '../errors.ts';

/** Thrown inside the codec by whatever finds bytes that it did not write; never leaves it. */
export class Malformed {
  readonly reason: string;
  /** What to do, where it is not the usual thing. */
  readonly remedy: string | undefined;

  constructor(reason: string, remedy?: string) {
    this.reason = reason;
    this.remedy = remedy;
  }
}

const usualRemedy =
  'delete the record so that the work may run again, or complete it with the right value';

/** What reading threw, as the one error that may leave the codec. Takes nothing over from a foreign
 * error: its message could hold a part of the result. */
export function recordCorrupt(
  recordId: string | undefined,
  thrown: unknown,
): IdempotencyError<'RECORD_CORRUPT'> {
  const { reason, remedy = usualRemedy } =
    thrown instanceof Malformed ? thrown : new Malformed('its bytes were altered');
  return new IdempotencyError(
    'RECORD_CORRUPT',
    `the recorded outcome cannot be read: ${reason}; ${remedy}`,
    { recordId },
  );
}
