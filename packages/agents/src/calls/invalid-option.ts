import { IdempotencyError } from '@twiceproof/core';

/** Refuses an option with the reason and what to give instead. */
export function invalidOption(message: string): IdempotencyError<'OPTIONS_INVALID'> {
  return new IdempotencyError('OPTIONS_INVALID', message);
}
