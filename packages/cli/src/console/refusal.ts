import type { RefusalCode } from '@twiceproof/console/wire';
import { type IdempotencyRecord, isIdempotencyError } from '@twiceproof/core';
import { failureOf } from '../failure-text.ts';

const statuses: Readonly<Record<RefusalCode, number>> = {
  NO_SESSION: 401,
  LINK_USED: 401,
  HOST_REFUSED: 403,
  ORIGIN_REFUSED: 403,
  READ_ONLY: 403,
  CHANGED: 409,
  GONE: 404,
  EXECUTING: 409,
  BUSY: 409,
  INVALID: 400,
  TOO_LARGE: 413,
  NOT_FOUND: 404,
  STORE: 503,
  AUDIT: 503,
  FAULT: 500,
};

/** Ends a request with a message that says what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly status: number;
  readonly record: IdempotencyRecord | undefined;

  constructor(
    code: RefusalCode,
    message: string,
    { record, ...options }: ErrorOptions & { readonly record?: IdempotencyRecord | undefined } = {},
  ) {
    super(message, options);
    this.code = code;
    this.status = statuses[code];
    this.record = record;
  }
}

/** What to say to the page about whatever went wrong. Never a stack, never the text of a fault that
 * nobody expected: that one is the terminal's. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isIdempotencyError(error)) {
    const { message } = failureOf(error, undefined);
    if (error.code === 'STORE_UNAVAILABLE') return new Refusal('STORE', message, { cause: error });
    if (error.code === 'IN_PROGRESS') return new Refusal('EXECUTING', message, { cause: error });
    return new Refusal('INVALID', message, { cause: error });
  }
  return new Refusal(
    'FAULT',
    'Something unexpected went wrong; the terminal in which the console runs says what.',
    { cause: error },
  );
}

export function readOnlyRefusal(): Refusal {
  return new Refusal('READ_ONLY', 'The console was started with --read-only; nothing was done.');
}
