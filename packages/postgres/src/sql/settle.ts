import { numberArray, textArray, wholeMs } from '../array-literal.ts';
import type { Names } from '../names.ts';
import { stamp } from './clock.ts';
import { recordColumns } from './columns.ts';
import { counts } from './conditions.ts';
import { notification } from './notification.ts';

/** The end of an attempt, completed or failed. */
export interface Ending {
  readonly id: string;
  readonly token: string;
  readonly status: 'completed' | 'failed';
  /** The outcome bytes in hexadecimal: a copy, which the caller can no longer change. */
  readonly outcomeHex: string | undefined;
  readonly retentionMs: number | null;
  readonly errorName: string | undefined;
  readonly errorMessage: string | undefined;
  readonly traceparent: string | undefined;
}

/**
 * Settles records that are in progress with the token that is presented. In: 8 arrays, one element
 * per ending, and a lock timeout. Out: a row per settled record.
 */
export function settle(names: Names, notify: boolean): string {
  return `
UPDATE ${names.table} AS held SET
  status = ending.status, outcome = decode(ending.outcome, 'hex'),
  completed_at = clock.stamp, expires_at = clock.stamp + ending.retention_ms,
  error_name = ending.error_name, error_message = ending.error_message,
  traceparent = coalesce(ending.traceparent, held.traceparent)
FROM
  (SELECT ${stamp} AS stamp, set_config('lock_timeout', $9, true)) AS clock,
  unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[],
    $8::text[])
    AS ending (id, token, status, outcome, retention_ms, error_name, error_message, traceparent)
WHERE held.id = ending.id AND held.token = ending.token AND held.status = 'in_progress'
  AND ${counts('held', 'false')}
RETURNING ${recordColumns('held')}${notify ? `,\n  ${notification(names)}` : ''}`;
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
    lockTimeout,
  ];
}
