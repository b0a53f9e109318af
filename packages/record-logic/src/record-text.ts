import { IdempotencyError, type StoredRecord } from '@twiceproof/core';

/** A record as JSON, which keeps what UTF-8 and the text of a database cannot: lone surrogates and U+0000.
 * Its outcome is kept beside it. */
export function recordText(record: Omit<StoredRecord, 'fence'>): string {
  const { outcome: _beside, outcomeBytes: _known, ...text } = record;
  return JSON.stringify(text);
}

const statuses: readonly unknown[] = ['in_progress', 'completed', 'failed'];

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isTime: Check = (value) => Number.isFinite(value);
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const parts = (checks: Readonly<Record<string, Check>>): Check => {
  const entries = Object.entries(checks);
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    entries.every(([name, check]) => check((value as Readonly<Record<string, unknown>>)[name]));
};

/** A record without its lease, say, would count as abandoned, and be executed over. */
const isWhole = parts({
  id: isText,
  environment: isText,
  operation: isText,
  run: isCount,
  scope: optional(isText),
  status: (value) => statuses.includes(value),
  token: isText,
  fence: isCount,
  attempt: isCount,
  fingerprint: optional(isText),
  workflow: optional(isText),
  inputDigest: optional(isText),
  createdAt: isTime,
  startedAt: isTime,
  leaseUntil: isTime,
  completedAt: optional(isTime),
  expiresAt: optional(isTime),
  keyPreview: optional(isText),
  inputPreview: optional(isText),
  lastError: optional(parts({ name: isText, message: isText })),
  settledBy: optional(parts({ by: isText, reason: optional(isText) })),
  traceparent: optional(isText),
  formatVersion: isCount,
});

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
    const { fence = row.fence } = written;
    const record = { ...written, fence: fence! };
    if (!isWhole(record)) return undefined;
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
