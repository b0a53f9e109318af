import type { StoredRecord } from '@twiceproof/core';
import { hex, storable } from '../array-literal.ts';
import type { Names } from '../names.ts';
import { stamp } from './clock.ts';
import { expired } from './conditions.ts';

/**
 * Keeps a copy of a slower store's record until `copy_until`. It replaces what no longer counts and
 * copies that are not newer, never a record that this store decides about.
 */
export function fill({ table }: Names): string {
  return `
INSERT INTO ${table} AS held (
  id, environment, operation, run, scope, status, token, fence, attempt, fingerprint, created_at,
  started_at, lease_until, completed_at, expires_at, key_preview, input_preview, outcome,
  error_name, error_message, traceparent, format_version, workflow, input_digest, settled_by,
  settled_reason, copy_until, sweep_at
)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
  decode($18, 'hex'), $19, $20, $21, $22, $23, $24, $25, $26, ${stamp} + $27::bigint,
  ${stamp} + $27::bigint
WHERE (
  SELECT NOT (${givesWay('$8::bigint')}) FROM ${table} AS held WHERE held.id = $1
) IS NOT TRUE
ON CONFLICT (id) DO UPDATE SET
  environment = excluded.environment, operation = excluded.operation, run = excluded.run,
  scope = excluded.scope, status = excluded.status, token = excluded.token,
  fence = excluded.fence, attempt = excluded.attempt, fingerprint = excluded.fingerprint,
  created_at = excluded.created_at, started_at = excluded.started_at,
  lease_until = excluded.lease_until, completed_at = excluded.completed_at,
  expires_at = excluded.expires_at, key_preview = excluded.key_preview,
  input_preview = excluded.input_preview, outcome = excluded.outcome,
  error_name = excluded.error_name, error_message = excluded.error_message,
  traceparent = excluded.traceparent, format_version = excluded.format_version,
  workflow = excluded.workflow, input_digest = excluded.input_digest,
  settled_by = excluded.settled_by, settled_reason = excluded.settled_reason,
  copy_until = excluded.copy_until, sweep_at = excluded.sweep_at
WHERE ${givesWay('excluded.fence')}`;
}

function givesWay(fence: string): string {
  return `(held.copy_until IS NOT NULL AND held.fence <= ${fence})
    OR (${expired('held', '$28::boolean')}) IS TRUE`;
}

export function fillParams(record: StoredRecord, ttlMs: number, paused: boolean): unknown[] {
  const text = (value: string | undefined) => (value === undefined ? null : storable(value));
  return [
    record.id,
    text(record.environment),
    text(record.operation),
    record.run,
    text(record.scope),
    record.status,
    record.token,
    record.fence,
    record.attempt,
    text(record.fingerprint),
    record.createdAt,
    record.startedAt,
    record.leaseUntil,
    record.completedAt ?? null,
    record.expiresAt ?? null,
    text(record.keyPreview),
    text(record.inputPreview),
    record.outcome === undefined ? null : hex(record.outcome),
    text(record.lastError?.name),
    text(record.lastError?.message),
    text(record.traceparent),
    record.formatVersion,
    text(record.workflow),
    text(record.inputDigest),
    text(record.settledBy?.by),
    text(record.settledBy?.reason),
    Math.floor(ttlMs),
    paused,
  ];
}
