import type { ErrorNote, SettledBy } from '@twiceproof/core';
import type { Entry } from './entry.ts';

/** What everything of fixed size in a record counts as. */
const fixedBytes = 256;

/** Bytes that a settled record counts as; texts count one byte per code unit. */
export function recordBytes(
  entry: Entry,
  outcomeBytes: number,
  error: ErrorNote | undefined,
  settledBy: SettledBy | undefined,
): number {
  return (
    fixedBytes +
    outcomeBytes +
    entry.id.length +
    entry.origin.environment.length +
    entry.origin.operation.length +
    entry.token.length +
    (entry.rare?.scope?.length ?? 0) +
    (entry.rare?.fingerprint?.length ?? 0) +
    (entry.rare?.workflow?.length ?? 0) +
    (entry.rare?.inputDigest?.length ?? 0) +
    (entry.keyPreview?.length ?? 0) +
    (entry.rare?.inputPreview?.length ?? 0) +
    (error === undefined ? 0 : error.name.length + error.message.length) +
    (settledBy === undefined ? 0 : settledBy.by.length + (settledBy.reason?.length ?? 0))
  );
}
