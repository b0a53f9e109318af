import { IdempotencyError, type RecordStatus, type StoredRecord } from '@twiceproof/core';
import type { Row } from './database.ts';

/**
 * The record of a row. `bigint` comes as a string, a number or a bigint, depending on the driver and
 * on type parsers that the application has set; so nothing is assumed of it.
 *
 * Each value is read here and handed on with the name of its column: a reader that looks up whatever name
 * it is given takes longer over that than over all the rest.
 *
 * @throws IdempotencyError `RECORD_CORRUPT` where the row is none that this store wrote.
 */
export function toRecord(row: Row): StoredRecord {
  const status = row.status;
  if (status !== 'in_progress' && status !== 'completed' && status !== 'failed') {
    throw corrupt(row, 'status');
  }
  const errorName = optionalText(row, 'error_name', row.error_name);
  const settledBy = optionalText(row, 'settled_by', row.settled_by);
  return {
    id: text(row, 'id', row.id),
    environment: text(row, 'environment', row.environment),
    operation: text(row, 'operation', row.operation),
    run: integer(row, 'run', row.run),
    scope: optionalText(row, 'scope', row.scope),
    status: status satisfies RecordStatus,
    token: text(row, 'token', row.token),
    fence: integer(row, 'fence', row.fence),
    attempt: integer(row, 'attempt', row.attempt),
    fingerprint: optionalText(row, 'fingerprint', row.fingerprint),
    workflow: optionalText(row, 'workflow', row.workflow),
    inputDigest: optionalText(row, 'input_digest', row.input_digest),
    createdAt: integer(row, 'created_at', row.created_at),
    startedAt: integer(row, 'started_at', row.started_at),
    leaseUntil: integer(row, 'lease_until', row.lease_until),
    completedAt: optionalInteger(row, 'completed_at', row.completed_at),
    expiresAt: optionalInteger(row, 'expires_at', row.expires_at),
    keyPreview: optionalText(row, 'key_preview', row.key_preview),
    inputPreview: optionalText(row, 'input_preview', row.input_preview),
    outcome: outcome(row),
    outcomeBytes: optionalInteger(row, 'outcome_bytes', row.outcome_bytes),
    lastError:
      errorName === undefined
        ? undefined
        : { name: errorName, message: optionalText(row, 'error_message', row.error_message) ?? '' },
    settledBy:
      settledBy === undefined
        ? undefined
        : { by: settledBy, reason: optionalText(row, 'settled_reason', row.settled_reason) },
    traceparent: optionalText(row, 'traceparent', row.traceparent),
    formatVersion: integer(row, 'format_version', row.format_version),
  };
}

export function integer(row: Row, column: string, value: unknown = row[column]): number {
  const number = typeof value === 'number' ? value : digits(value);
  if (!Number.isSafeInteger(number)) throw corrupt(row, column);
  return number;
}

export function optionalInteger(
  row: Row,
  column: string,
  value: unknown = row[column],
): number | undefined {
  return value === null || value === undefined ? undefined : integer(row, column, value);
}

/** As texts, only digits are numbers: `Number('')` would be 0. */
function digits(value: unknown): number {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
}

function text(row: Row, column: string, value: unknown): string {
  if (typeof value !== 'string') throw corrupt(row, column);
  return value;
}

function optionalText(row: Row, column: string, value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : text(row, column, value);
}

/** Node stops at the first character that is no digit, and would answer a part of the outcome. */
function outcome(row: Row): Uint8Array | undefined {
  const digits = optionalText(row, 'outcome', row.outcome);
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
