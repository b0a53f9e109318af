import type { EncodedOutcome, FailureNote } from '@twiceproof/core';

/** An outcome with a retention of an hour. */
export function outcome(
  content: string | Uint8Array,
  overrides: Partial<EncodedOutcome> = {},
): EncodedOutcome {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { bytes, retentionMs: 3_600_000, ...overrides };
}

/** A failure with a retention of an hour. */
export function failure(message: string, overrides: Partial<FailureNote> = {}): FailureNote {
  return { error: { name: 'Error', message }, retentionMs: 3_600_000, ...overrides };
}
