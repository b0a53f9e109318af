import { IdempotencyError } from '../errors.ts';

/** Thrown inside the codec by whatever finds bytes that it did not write; never leaves it. */
export class Malformed {
  readonly #reason: string;
  /** What to do, where it is not the usual thing. */
  readonly remedy: string | undefined;
  /** What the user's own code threw, if it was that. */
  readonly cause: unknown;

  constructor(reason: string, remedy?: string, cause?: unknown) {
    this.#reason = reason;
    this.remedy = remedy;
    this.cause = cause;
  }

  get reason(): string {
    return this.#reason;
  }

  /** Where in the value it is, if that is known. */
  get path(): string | undefined {
    return undefined;
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
  const malformed = thrown instanceof Malformed ? thrown : new Malformed('its bytes were altered');
  const { reason, remedy = usualRemedy, path, cause } = malformed;
  return new IdempotencyError(
    'RECORD_CORRUPT',
    `the recorded outcome cannot be read: ${reason}; ${remedy}`,
    cause === undefined ? { recordId, path } : { recordId, path, cause },
  );
}
