import { IdempotencyError, type RecordStatus, type StoredRecord } from '@twiceproof/core';
import type { Row } from './database.ts';

/**
 * The record of a row. `bigint` comes as a string, a number or a bigint, depending on the driver and
 * on type parsers that the application has set; so nothing is assumed of it.
 *
 * @throws IdempotencyError `RECORD_CORRUPT` where the row is none that this store wrote.
 */
export function toRecord(row: Row): StoredRecord {
  const status = row.status;
  if (status !== 'in_progress' && status !== 'completed' && status !== 'failed') {
    throw corrupt(row, 'status');
  }
  const errorName = optionalText(row, 'error_name');
  const settledBy = optionalText(row, 'settled_by');
  return {
    id: text(row, 'id'),
    environment: text(row, 'environment'),
    operation: text(row, 'operation'),
    run: integer(row, 'run'),
    scope: optionalText(row, 'scope'),
    status: status satisfies RecordStatus,
    token: text(row, 'token'),
    fence: integer(row, 'fence'),
    attempt: integer(row, 'attempt'),
    fingerprint: optionalText(row, 'fingerprint'),
    workflow: optionalText(row, 'workflow'),
    inputDigest: optionalText(row, 'input_digest'),
    createdAt: integer(row, 'created_at'),
    startedAt: integer(row, 'started_at'),
    leaseUntil: integer(row, 'lease_until'),
    completedAt: optionalInteger(row, 'completed_at'),
    expiresAt: optionalInteger(row, 'expires_at'),
    keyPreview: optionalText(row, 'key_preview'),
    inputPreview: optionalText(row, 'input_preview'),
    outcome: outcome(row),
    outcomeBytes: optionalInteger(row, 'outcome_bytes'),
    lastError:
      errorName === undefined
        ? undefined
        : { name: errorName, message: optionalText(row, 'error_message') ?? '' },
    settledBy:
      settledBy === undefined
        ? undefined
        : { by: settledBy, reason: optionalText(row, 'settled_reason') },
    traceparent: optionalText(row, 'traceparent'),
    formatVersion: integer(row, 'format_version'),
  };
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  const number = typeof value === 'number' ? value : digits(value);
  if (!Number.isSafeInteger(number)) throw corrupt(row, column);
  return number;
}

export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null || row[column] === undefined ? undefined : integer(row, column);
}

/** As texts, only digits are numbers: `Number('')` would be 0. */
function digits(value: unknown): number {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
}

function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw corrupt(row, column);
  return value;
}

function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null || row[column] === undefined ? undefined : text(row, column);
}

/** Node stops at the first character that is no digit, and would answer a part of the outcome. */
function outcome(row: Row): Uint8Array | undefined {
  const digits = optionalText(row, 'outcome');
  if (digits === undefined) return undefined;
  const bytes = Buffer.from(digits, 'hex');
  if (bytes.byteLength * 2 !== digits.length) throw corrupt(row, 'outcome');
  return bytes;
}

function corrupt(row: Row, column: string): IdempotencyError<'RECORD_CORRUPT'> {
  const recordId = typeof row.id === 'string' ? row.id : undefined;
  return new IdempotencyError(
    'RECORD_CORRUPT',
    `${recordId ?? 'a record'} has a ${column} that this store never wrote; look at the row, then correct or delete it`,
    { recordId },
  );
}
