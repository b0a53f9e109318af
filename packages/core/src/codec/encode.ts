import { IdempotencyError } from '../errors.ts';
import { Refusal } from '../values/refusal.ts';
import { Malformed } from './corrupt.ts';
import { escapeValue } from './escape.ts';
import { KIND } from './header.ts';
import { MAX_OUTCOME_BYTES } from './limits.ts';
import { writeOutcome } from './msgpack.ts';
import { unserializable } from './refusal.ts';
import { newWalk } from './walk.ts';

/** Why an execution is recorded as done without its result. */
export type OmittedReason = 'too_large' | 'unserializable';

/**
 * The outcome bytes of a result. They may share up to 64 KiB of memory with other outcomes, so
 * whoever keeps them for long keeps a copy. Throws `RESULT_UNSERIALIZABLE` with the path of the
 * first part that cannot be recorded.
 */
export function encodeValue(value: unknown): Uint8Array {
  const walk = newWalk(MAX_OUTCOME_BYTES);
  try {
    return writeOutcome(KIND.value, escapeValue(value, walk, 0), walk);
  } catch (error) {
    if (error instanceof Refusal) throw unserializable(error);
    throw new IdempotencyError(
      'RESULT_UNSERIALIZABLE',
      `the result cannot be recorded: ${error instanceof Malformed ? error.reason : 'it changed while it was read'}; return plain data`,
      { path: '', cause: error instanceof Malformed ? undefined : error },
    );
  }
}

/** The outcome bytes of an execution that is done and whose result could not be kept. */
export function encodeOmitted(reason: OmittedReason): Uint8Array {
  return writeOutcome(KIND.omitted, reason, { tagged: false, binaries: 0 });
}
