import { IdempotencyError, type RecordStatus, type StoredRecord } from '@twiceproof/core';
import type { Row } from './database.ts';

/**
 * The record of a row. `bigint` comes as a string, a number or a bigint, depending on the driver and
 * on type parsers that the application has set; so nothing is assumed of it.
 *
 * @throws IdempotencyError `RECORD_CORRUPT` where the row is none that this store wrote.
 */
export function toRecord(row: Row): StoredRecord {
  const id = String(row.id);
  const status = row.status;
  if (status !== 'in_progress' && status !== 'completed' && status !== 'failed') {
    throw corrupt(id, 'status');
  }
  const errorName = text(row.error_name);
  const settledBy = text(row.settled_by);
  const outcome = text(row.outcome);
  return {
    id,
    environment: String(row.environment),
    operation: String(row.operation),
    run: integer(row, 'run'),
    scope: text(row.scope),
    status: status satisfies RecordStatus,
    token: String(row.token),
    fence: integer(row, 'fence'),
    attempt: integer(row, 'attempt'),
    fingerprint: text(row.fingerprint),
    workflow: text(row.workflow),
    inputDigest: text(row.input_digest),
    createdAt: integer(row, 'created_at'),
    startedAt: integer(row, 'started_at'),
    leaseUntil: integer(row, 'lease_until'),
    completedAt: optionalInteger(row, 'completed_at'),
    expiresAt: optionalInteger(row, 'expires_at'),
    keyPreview: text(row.key_preview),
    inputPreview: text(row.input_preview),
    outcome: outcome === undefined ? undefined : Buffer.from(outcome, 'hex'),
    outcomeBytes: optionalInteger(row, 'outcome_bytes'),
    lastError:
      errorName === undefined
        ? undefined
        : { name: errorName, message: text(row.error_message) ?? '' },
    settledBy:
      settledBy === undefined ? undefined : { by: settledBy, reason: text(row.settled_reason) },
    traceparent: text(row.traceparent),
    formatVersion: integer(row, 'format_version'),
  };
}

export function integer(row: Row, column: string): number {
  const value = Number(row[column] ?? Number.NaN);
  if (!Number.isSafeInteger(value)) throw corrupt(String(row.id), column);
  return value;
}

export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null || row[column] === undefined ? undefined : integer(row, column);
}

function text(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function corrupt(recordId: string, column: string): IdempotencyError<'RECORD_CORRUPT'> {
  return new IdempotencyError(
    'RECORD_CORRUPT',
    `${recordId} has a ${column} that this store never wrote; look at the row, then correct or delete it`,
    { recordId },
  );
}
