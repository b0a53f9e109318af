import { type IdempotencyErrorCode, isIdempotencyError, type Settled } from '@twiceproof/core';
import { type Problem, problemOf } from './problem.ts';
import type { ProblemName } from './problem-kinds.ts';

const namesByCode: { readonly [code in IdempotencyErrorCode]?: ProblemName } = {
  IN_PROGRESS: 'in-progress',
  FINGERPRINT_MISMATCH: 'payload-mismatch',
  HELD: 'held',
  LEASE_LOST: 'outcome-unknown',
  TIMED_OUT: 'outcome-unknown',
  RESULT_OMITTED: 'result-omitted',
  STORE_UNAVAILABLE: 'store-unavailable',
  CLOSED: 'store-unavailable',
  RECORD_CORRUPT: 'record-corrupt',
};

const executedUnrecorded =
  'The request was processed, but its response could not be recorded yet. Retry later with the same idempotency key to get it.';

/**
 * The problem that tells of a call which was refused, or whose own record let it down. Undefined for
 * an error that is the handler's, also where it is one of ours that came from a call of its own.
 */
export function refusalOf(
  { outcome, error, started, record }: Settled<unknown>,
  hasResponse = false,
): Problem | undefined {
  if (!isIdempotencyError(error)) {
    if (hasResponse || !isDeclaredUnknown(error)) return undefined;
    return problemOf('outcome-unknown', { recordId: record?.id });
  }
  if (started && !ownOutcomes.has(outcome)) return undefined;
  const name = namesByCode[error.code];
  if (name === undefined) return undefined;
  const { code, recordId, retryAfterMs } = error;
  switch (name) {
    case 'in-progress':
      return problemOf(name, { code, recordId, retryAfterMs: retryAfterMs ?? 1_000 });
    case 'store-unavailable':
      return problemOf(name, {
        code,
        recordId,
        // Another process may answer at once where this one is closing.
        retryAfterMs: code === 'CLOSED' ? 1_000 : 5_000,
        ...(started ? { detail: executedUnrecorded } : {}),
      });
    default:
      return problemOf(name, { code, recordId });
  }
}

/** How a call ends that has run the handler, and then has an error that is not the handler's. */
const ownOutcomes: ReadonlySet<string> = new Set(['lease_lost', 'timed_out', 'store_error']);

/** What a handler throws with `outcomeUnknown(cause)`. */
function isDeclaredUnknown(error: unknown): boolean {
  return error instanceof Error && error.name === 'OutcomeUnknownError';
}
