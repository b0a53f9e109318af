import { IdempotencyError } from '@twiceproof/core';

export function invalidOption(message: string): IdempotencyError<'OPTIONS_INVALID'> {
  return new IdempotencyError('OPTIONS_INVALID', message);
}
