import { isIdempotencyError } from '@twiceproof/core';
import { otherLabel } from './names.ts';

// Names and codes are chosen by whoever throws: what does not look like one may be somebody's data.
const nameLike = /^[A-Za-z][\w.$]{0,79}$/;
const codeLike = /^[A-Z][A-Z0-9_]{1,39}$/;

/** What kind of error it is, in a word that never holds a part of its message. */
export function errorTypeOf(error: unknown): string {
  try {
    if (isIdempotencyError(error)) return error.code;
    if (!(error instanceof Error)) return otherLabel;
    const { name, code } = error as Error & { readonly code?: unknown };
    if (name === 'Error' && typeof code === 'string' && codeLike.test(code)) return code;
    return typeof name === 'string' && nameLike.test(name) ? name : 'Error';
  } catch {
    return otherLabel;
  }
}
