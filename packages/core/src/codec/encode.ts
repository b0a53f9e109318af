import { IdempotencyError } from '../errors.ts';
import { Refusal } from '../values/refusal.ts';
import { Malformed } from './corrupt.ts';
import { escapeValue } from './escape.ts';
import { KIND } from './header.ts';
import { MAX_OUTCOME_BYTES } from './limits.ts';
import { writeOutcome } from './msgpack.ts';
import { unserializable } from './refusal.ts';
import type { Types } from './type-codec.ts';
import { newWalk, TooLarge } from './walk.ts';

/** Why an execution is recorded as done without its result. */
export type OmittedReason = 'too_large' | 'unserializable';

/**
 * The outcome bytes of a result. They may share up to 64 KiB of memory with other outcomes, so
 * whoever keeps them for long keeps a copy. Throws `RESULT_UNSERIALIZABLE` with the path of the
 * first part that cannot be recorded.
 */
export function encodeValue(value: unknown, types?: Types): Uint8Array {
  try {
    return encoded(value, types);
  } catch (error) {
    throw refusalOf(error);
  }
}

/** As {@link encodeValue}, but undefined for a result that is larger than any outcome may be. */
export function encodeUnlessTooLarge(value: unknown, types?: Types): Uint8Array | undefined {
  try {
    return encoded(value, types);
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw refusalOf(error);
  }
}

/** The outcome bytes of an execution that is done and whose result could not be kept. */
export function encodeOmitted(reason: OmittedReason): Uint8Array {
  return writeOutcome(KIND.omitted, reason, { tagged: false, binaries: 0 });
}

function encoded(value: unknown, types: Types | undefined): Uint8Array {
  const walk = newWalk(MAX_OUTCOME_BYTES, types);
  return writeOutcome(KIND.value, escapeValue(value, walk, 0), walk);
}

function refusalOf(thrown: unknown): IdempotencyError<'RESULT_UNSERIALIZABLE'> {
  if (thrown instanceof Refusal) return unserializable(thrown);
  return new IdempotencyError(
    'RESULT_UNSERIALIZABLE',
    `the result cannot be recorded: ${thrown instanceof Malformed ? thrown.reason : 'it changed while it was read'}; return plain data`,
    { path: '', cause: thrown instanceof Malformed ? undefined : thrown },
  );
}
