import { IdempotencyError, type StoredRecord } from '@twiceproof/core';

/** A record as JSON, which keeps what UTF-8 and the text of a database cannot: lone surrogates and U+0000.
 * Its outcome is kept beside it. */
export function recordText(record: Omit<StoredRecord, 'fence'>): string {
  const { outcome: _beside, outcomeBytes: _known, ...text } = record;
  return JSON.stringify(text);
}

const statuses: readonly unknown[] = ['in_progress', 'completed', 'failed'];

/** What a row says of a record. */
export interface RecordRow {
  readonly text: string;
  /** Where the database counts it, and the text does not say it. */
  readonly fence?: number | undefined;
  readonly outcome?: Uint8Array | undefined;
  /** Known also where the outcome was not read. */
  readonly outcomeBytes: number | undefined;
}

/** Undefined for a record that cannot be read. */
export function recordOf(row: RecordRow): StoredRecord | undefined {
  try {
    const written = JSON.parse(row.text) as StoredRecord;
    const { id, status, token, fence = row.fence } = written;
    if (typeof id !== 'string' || typeof token !== 'string') return undefined;
    if (!statuses.includes(status) || !Number.isSafeInteger(fence)) return undefined;
    const record = { ...written, fence: fence! };
    const { outcome, outcomeBytes } = row;
    return outcomeBytes === undefined
      ? record
      : { ...record, ...(outcome && { outcome }), outcomeBytes };
  } catch {
    return undefined;
  }
}

export function corrupt(place: string, recordId: string): IdempotencyError<'RECORD_CORRUPT'> {
  const message = `the record in ${place} cannot be read; look at it, then delete it`;
  return new IdempotencyError('RECORD_CORRUPT', message, { recordId });
}
