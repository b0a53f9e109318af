import { IdempotencyError } from '@twiceproof/core';
import type { Row } from './database.ts';
import { now } from './sql/clock.ts';

/**
 * How the columns of records are answered: packed into one JSON text, because a driver takes longer over
 * each of some thirty columns than over all the rest of a replay. One call makes it on the server: planning
 * and starting an expression for each column took five times as long as finding the record. What is
 * written here in SQL is read here.
 */

/** A record that is called `t`. `outcome` is an expression for its bytes in hexadecimal. */
export function packedRecord(t: string, outcome = `encode(${t}.outcome, 'hex')`): string {
  const columns = [
    `${t}.id`,
    `${t}.environment`,
    `${t}.operation`,
    `${t}.run`,
    `${t}.scope`,
    `${t}.status`,
    `${t}.token`,
    `${t}.fence`,
    `${t}.attempt`,
    `${t}.fingerprint`,
    `${t}.workflow`,
    `${t}.input_digest`,
    `${t}.created_at`,
    `${t}.started_at`,
    `${t}.lease_until`,
    `${t}.completed_at`,
    `${t}.expires_at`,
    `${t}.copy_until`,
    `${t}.key_preview`,
    `${t}.input_preview`,
    `octet_length(${t}.outcome)`,
    `${t}.error_name`,
    `${t}.error_message`,
    `${t}.settled_by`,
    `${t}.settled_reason`,
    `${t}.traceparent`,
    `${t}.format_version`,
    outcome,
    `(SELECT ${now})`,
  ];
  return `${packed(columns)} AS record`;
}

function readRecord(record: string): Row {
  const parts = partsOf(record, 29);
  return {
    id: parts[0],
    environment: parts[1],
    operation: parts[2],
    run: parts[3],
    scope: parts[4],
    status: parts[5],
    token: parts[6],
    fence: parts[7],
    attempt: parts[8],
    fingerprint: parts[9],
    workflow: parts[10],
    input_digest: parts[11],
    created_at: parts[12],
    started_at: parts[13],
    lease_until: parts[14],
    completed_at: parts[15],
    expires_at: parts[16],
    copy_until: parts[17],
    key_preview: parts[18],
    input_preview: parts[19],
    outcome_bytes: parts[20],
    error_name: parts[21],
    error_message: parts[22],
    settled_by: parts[23],
    settled_reason: parts[24],
    traceparent: parts[25],
    format_version: parts[26],
    outcome: parts[27],
    now: parts[28],
  };
}

/** What whoever claimed `held` does not know: what the server drew and its clock decided. */
export const packedClaim: string = `${packed([
  'held.id',
  'held.fence',
  'held.attempt',
  'held.created_at',
  'held.started_at',
  'held.lease_until',
  'held.expires_at',
  now,
])} AS claimed`;

function readClaim(claimed: string): Row {
  const parts = partsOf(claimed, 8);
  return {
    id: parts[0],
    fence: parts[1],
    attempt: parts[2],
    created_at: parts[3],
    started_at: parts[4],
    lease_until: parts[5],
    expires_at: parts[6],
    now: parts[7],
  };
}

/** What whoever settled or renewed his own claim of `held` does not know. */
export const packedTimes: string = `${packed([
  'held.id',
  'held.lease_until',
  'held.completed_at',
  'held.expires_at',
  now,
])} AS times`;

function readTimes(times: string): Row {
  const parts = partsOf(times, 5);
  return {
    id: parts[0],
    lease_until: parts[1],
    completed_at: parts[2],
    expires_at: parts[3],
    now: parts[4],
  };
}

/**
 * The columns of a row that may be packed; what else it has is not answered.
 *
 * @throws IdempotencyError `RECORD_CORRUPT` where the text is not one that the server wrote for it.
 */
export function unpacked(row: Row): Row {
  if (typeof row.record === 'string') return readRecord(row.record);
  if (typeof row.claimed === 'string') return readClaim(row.claimed);
  if (typeof row.times === 'string') return readTimes(row.times);
  return row;
}

/** As text: a driver would read JSON itself, with whatever parser the application has given it. */
function packed(columns: readonly string[]): string {
  return `json_build_array(${columns.join(', ')})::text`;
}

function partsOf(packed: string, count: number): readonly unknown[] {
  let parts: unknown;
  try {
    parts = JSON.parse(packed);
  } catch {
    // Falls through to the error that says what is wrong.
  }
  if (Array.isArray(parts) && parts.length === count) return parts;
  throw new IdempotencyError(
    'RECORD_CORRUPT',
    'Postgres answered a record with a text that this store never asked for; look at what stands between them',
  );
}
