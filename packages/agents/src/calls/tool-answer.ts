import { isIdempotencyError, type Settled } from '@twiceproof/core';
import * as words from './words.ts';

/** What came of a call, for the model and for whoever runs it. */
export type ToolAnswer<Value> =
  /** The tool's value; with words where the model has to know more. */
  | { readonly value: Value; readonly isReplay: boolean; readonly words?: string | undefined }
  /** The tool's own error. */
  | { readonly error: unknown; readonly words?: never }
  /** Why there is no value, in words. */
  | { readonly refusal: string; readonly cause: unknown; readonly words?: never };

/** The value that the tool gave in this call, if it came to its end. */
export interface Given<Value> {
  readonly value: Value;
}

/** Puts what core says of a call into words. */
export function answerOf<Value>(
  settled: Settled<Value>,
  given: Given<Value> | undefined,
  subject: words.Subject,
  fingerprint: readonly string[],
): ToolAnswer<Value> {
  const { outcome, record } = settled;
  const completedAt = record?.completedAt;
  if (!('error' in settled)) {
    const value = settled.value as Value;
    if (outcome === 'replayed') {
      return { value, isReplay: true, words: words.doneBefore(subject, completedAt) };
    }
    const isUnknown = outcome === 'unknown';
    return {
      value,
      isReplay: false,
      words: isUnknown ? words.unknown(subject, record?.id, '') : undefined,
    };
  }
  const { error: cause } = settled;
  const own = isIdempotencyError(cause) ? cause : undefined;
  const recordId = record?.id ?? own?.recordId;
  const refused = (refusal: string): ToolAnswer<Value> => ({ refusal, cause });
  switch (outcome) {
    case 'executed':
      // Done and recorded, but for the result, which is at hand.
      return given ? { ...given, isReplay: false } : { error: cause };
    case 'replayed':
      return refused(words.doneWithoutResult(subject, completedAt));
    case 'in_progress':
      return refused(words.inProgress(subject));
    case 'mismatch':
      return refused(words.otherPayload(subject, fingerprint));
    case 'held':
      return refused(words.held(subject, recordId));
    case 'unknown':
    case 'timed_out':
    case 'lease_lost':
      return refused(words.unknown(subject, recordId, reasonOf(cause)));
    case 'store_error':
      if (given) return { ...given, isReplay: false, words: words.doneUnrecorded(subject) };
      return refused(
        settled.started ? words.unknown(subject, recordId, '') : words.unavailable(subject),
      );
    default:
      if (settled.started || outcome === 'replayed_error') return { error: cause };
      if (isIdempotencyError(cause, 'CLOSED')) return refused(words.closing(subject));
      return refused(words.unusable(subject, messageOf(cause)));
  }
}

/** Why nobody knows: what was given to `outcomeUnknown`, or what was thrown. */
function reasonOf(error: unknown): string {
  const isDeclared = error instanceof Error && error.name === 'OutcomeUnknownError';
  return messageOf(isDeclared ? (error.cause ?? '') : error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
