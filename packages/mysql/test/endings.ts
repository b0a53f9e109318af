import type { EncodedOutcome, FailureNote } from '@twiceproof/core';

export const done: EncodedOutcome = { bytes: new Uint8Array([1, 2, 3]), retentionMs: 60_000 };
export const failure: FailureNote = {
  error: { name: 'Error', message: 'no' },
  retentionMs: 60_000,
};
