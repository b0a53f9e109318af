import type { RecordStatus, SettledBy } from '@twiceproof/core';
import { wholeMs } from '../array-literal.ts';
import type { Names } from '../names.ts';
import { packedRecord, packedTimes } from '../row-formats.ts';
import { stamp } from './clock.ts';
import { counts, isUnlocked } from './conditions.ts';
import { type Extent, items, numbers, texts } from './items.ts';
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
 * Settles records that are in progress with the token that is presented. In: 10 columns of the endings,
 * and a lock timeout. Out: a row per settled record. Unless it `waits`, it passes by what somebody has locked.
 */
export function settle(names: Names, notify: boolean, extent: Extent, waits = true): string {
  const answered = packedRecord('held', 'NULL');
  return settleWhere(names, notify, { extent, condition: settleable(names, waits), answered });
}

/** For claims of this process: answers only the times. */
export function settleKnown(names: Names, notify: boolean, extent: Extent, waits = true): string {
  const answered = packedTimes;
  return settleWhere(names, notify, { extent, condition: settleable(names, waits), answered });
}

function settleable(names: Names, waits: boolean): string {
  return `${counts('held', 'false')}${waits ? '' : ` AND ${isUnlocked(names, 'ending')}`}`;
}

/**
 * For a record that the same transaction has claimed: nobody else can see it, so it cannot have expired.
 * In: one parameter more, the number of the transaction. Out: only the times.
 */
export function settleOwn(names: Names, notify: boolean): string {
  const condition = 'pg_current_xact_id()::text = $12';
  return settleWhere(names, notify, { extent: 'one', condition, answered: packedTimes });
}

const columns = [
  ['id', 'text'],
  ['token', 'text'],
  ['status', 'text'],
  ['outcome', 'text'],
  ['retention_ms', 'bigint'],
  ['error_name', 'text'],
  ['error_message', 'text'],
  ['traceparent', 'text'],
  ['settled_by', 'text'],
  ['settled_reason', 'text'],
] as const;

interface SettleParts {
  readonly extent: Extent;
  readonly condition: string;
  readonly answered: string;
}

/**
 * To be swept sooner than its claim said, a record has to be moved in an index. That is done where it would
 * otherwise be looked at later than this after its end, or never, as what was to wait for a verdict.
 */
const mostOverdueMs = 86_400_000;

function settleWhere(
  names: Names,
  notify: boolean,
  { extent, condition, answered }: SettleParts,
): string {
  const isOver = `ending.status <> 'in_progress'`;
  return `
UPDATE ${names.table} AS held SET
  status = ending.status, outcome = decode(ending.outcome, 'hex'),
  completed_at = CASE WHEN ${isOver} THEN clock.stamp END,
  lease_until = CASE WHEN ${isOver} THEN held.lease_until ELSE clock.stamp END,
  expires_at = clock.stamp +
    CASE WHEN ${isOver} THEN ending.retention_ms ELSE held.expires_at - held.lease_until END,
  sweep_at = CASE WHEN ${isOver} AND (held.sweep_at IS NULL
    OR held.sweep_at > clock.stamp + ending.retention_ms + ${mostOverdueMs})
    THEN clock.stamp + ending.retention_ms ELSE held.sweep_at END,
  settled_by = ending.settled_by, settled_reason = ending.settled_reason,
  error_name = ending.error_name, error_message = ending.error_message,
  traceparent = coalesce(ending.traceparent, held.traceparent)
FROM
  (SELECT ${stamp} AS stamp, set_config('lock_timeout', $11, true)) AS clock,
  ${items(extent, 'ending', columns)}
WHERE held.id = ending.id AND held.token = ending.token AND held.status = 'in_progress'
  AND (held.error_name IS NULL OR ${isOver}) AND ${condition}
RETURNING ${answered}${notify ? `,\n  ${notification(names)}` : ''}`;
}

export function settleParams(endings: readonly Ending[], lockTimeout: string): unknown[] {
  return [
    texts(endings, (ending) => ending.id),
    texts(endings, (ending) => ending.token),
    texts(endings, (ending) => ending.status),
    texts(endings, (ending) => ending.outcomeHex),
    numbers(endings, (ending) => wholeMs(ending.retentionMs)),
    texts(endings, (ending) => ending.errorName),
    texts(endings, (ending) => ending.errorMessage),
    texts(endings, (ending) => ending.traceparent),
    texts(endings, (ending) => ending.settledBy?.by),
    texts(endings, (ending) => ending.settledBy?.reason),
    lockTimeout,
  ];
}
