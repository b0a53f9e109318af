import type { StoredRecord } from '@twiceproof/core';

/** What everything of fixed size in a record counts as. */
const fixedBytes = 256;

/** Bytes that a settled record counts as; texts count one byte per code unit. */
export function recordBytes(record: StoredRecord): number {
  const { lastError, settledBy } = record;
  const texts = [
    record.id,
    record.environment,
    record.operation,
    record.token,
    record.scope,
    record.fingerprint,
    record.workflow,
    record.inputDigest,
    record.keyPreview,
    record.inputPreview,
    lastError?.name,
    lastError?.message,
    settledBy?.by,
    settledBy?.reason,
  ];
  return texts.reduce(
    (sum, text) => sum + (text?.length ?? 0),
    fixedBytes + (record.outcomeBytes ?? 0),
  );
}
