import type { RecordStatus, SettledBy } from '@twiceproof/core';
import { numberArray, textArray, wholeMs } from '../array-literal.ts';
import type { Names } from '../names.ts';
import { packedRecord, packedTimes } from '../row-formats.ts';
import { stamp } from './clock.ts';
import { counts } from './conditions.ts';
import { notification } from './notification.ts';

/** The end of an attempt; one that leaves its record in progress ended as unknown. */
export interface Ending {
  readonly id: string;
  readonly token: string;
  readonly status: RecordStatus;
  /** The outcome bytes in hexadecimal: a copy, which the caller can no longer change. */
  readonly outcomeHex: string | undefined;
  readonly retentionMs: number | null;
  readonly errorName: string | undefined;
  readonly errorMessage: string | undefined;
  readonly settledBy: SettledBy | undefined;
  readonly traceparent: string | undefined;
}

/**
 * Settles records that are in progress with the token that is presented. In: 10 arrays, one element
 * per ending, and a lock timeout. Out: a row per settled record.
 */
export function settle(names: Names, notify: boolean): string {
  return settleWhere(names, notify, counts('held', 'false'), packedRecord('held', 'NULL'));
}

/** For claims of this process: answers only the times. */
export function settleKnown(names: Names, notify: boolean): string {
  return settleWhere(names, notify, counts('held', 'false'), packedTimes);
}

/**
 * For a record that the same transaction has claimed: nobody else can see it, so it cannot have expired.
 * In: one parameter more, the number of the transaction. Out: only the times.
 */
export function settleOwn(names: Names, notify: boolean): string {
  return settleWhere(names, notify, 'pg_current_xact_id()::text = $12', packedTimes);
}

function settleWhere(names: Names, notify: boolean, condition: string, answered: string): string {
  const isOver = `ending.status <> 'in_progress'`;
  return `
UPDATE ${names.table} AS held SET
  status = ending.status, outcome = decode(ending.outcome, 'hex'),
  completed_at = CASE WHEN ${isOver} THEN clock.stamp END,
  lease_until = CASE WHEN ${isOver} THEN held.lease_until ELSE clock.stamp END,
  expires_at = clock.stamp +
    CASE WHEN ${isOver} THEN ending.retention_ms ELSE held.expires_at - held.lease_until END,
  settled_by = ending.settled_by, settled_reason = ending.settled_reason,
  error_name = ending.error_name, error_message = ending.error_message,
  traceparent = coalesce(ending.traceparent, held.traceparent)
FROM
  (SELECT ${stamp} AS stamp, set_config('lock_timeout', $11, true)) AS clock,
  unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::text[])
    AS ending (id, token, status, outcome, retention_ms, error_name, error_message, traceparent,
      settled_by, settled_reason)
WHERE held.id = ending.id AND held.token = ending.token AND held.status = 'in_progress'
  AND (held.error_name IS NULL OR ${isOver}) AND ${condition}
RETURNING ${answered}${notify ? `,\n  ${notification(names)}` : ''}`;
}

export function settleParams(endings: readonly Ending[], lockTimeout: string): unknown[] {
  const texts = (read: (ending: Ending) => string | undefined) => textArray(endings.map(read));
  return [
    texts((ending) => ending.id),
    texts((ending) => ending.token),
    texts((ending) => ending.status),
    texts((ending) => ending.outcomeHex),
    numberArray(endings.map((ending) => wholeMs(ending.retentionMs))),
    texts((ending) => ending.errorName),
    texts((ending) => ending.errorMessage),
    texts((ending) => ending.traceparent),
    texts((ending) => ending.settledBy?.by),
    texts((ending) => ending.settledBy?.reason),
    lockTimeout,
  ];
}
