import { wholeMs } from '../array-literal.ts';
import type { Names } from '../names.ts';
import { packedTimes } from '../row-formats.ts';
import { stamp } from './clock.ts';
import { counts, isUnlocked } from './conditions.ts';
import { type Extent, items, numbers, texts } from './items.ts';

export interface Renewal {
  readonly id: string;
  readonly token: string;
  readonly leaseMs: number;
}

const columns = [
  ['id', 'text'],
  ['token', 'text'],
  ['lease_ms', 'bigint'],
] as const;

/**
 * Renews the leases of records that are in progress with the token that is presented, and shortens
 * none; how long they outlive the lease stays the same. In: 3 columns of the renewals, and a
 * lock timeout. Unless it `waits`, it passes by what somebody has locked.
 */
export function renew(names: Names, extent: Extent, waits = true): string {
  return `
UPDATE ${names.table} AS held SET
  lease_until = greatest(held.lease_until, clock.stamp + renewal.lease_ms),
  expires_at = held.expires_at + greatest(0, clock.stamp + renewal.lease_ms - held.lease_until)
FROM
  (SELECT ${stamp} AS stamp, set_config('lock_timeout', $4, true)) AS clock,
  ${items(extent, 'renewal', columns)}
WHERE held.id = renewal.id AND held.token = renewal.token AND held.status = 'in_progress'
  AND held.error_name IS NULL AND ${counts('held', 'false')}${waits ? '' : ` AND ${isUnlocked(names, 'renewal')}`}
RETURNING ${packedTimes}`;
}

export function renewParams(renewals: readonly Renewal[], lockTimeout: string): unknown[] {
  return [
    texts(renewals, ({ id }) => id),
    texts(renewals, ({ token }) => token),
    numbers(renewals, ({ leaseMs }) => wholeMs(leaseMs)),
    lockTimeout,
  ];
}
