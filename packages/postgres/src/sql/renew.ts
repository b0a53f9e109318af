import { numberArray, textArray, wholeMs } from '../array-literal.ts';
import type { Names } from '../names.ts';
import { packedTimes } from '../row-formats.ts';
import { stamp } from './clock.ts';
import { counts } from './conditions.ts';

export interface Renewal {
  readonly id: string;
  readonly token: string;
  readonly leaseMs: number;
}

/**
 * Renews the leases of records that are in progress with the token that is presented, and shortens
 * none; how long they outlive the lease stays the same. In: 3 arrays, one element per renewal, and a lock timeout.
 */
export function renew({ table }: Names): string {
  return `
UPDATE ${table} AS held SET
  lease_until = greatest(held.lease_until, clock.stamp + renewal.lease_ms),
  expires_at = held.expires_at + greatest(0, clock.stamp + renewal.lease_ms - held.lease_until)
FROM
  (SELECT ${stamp} AS stamp, set_config('lock_timeout', $4, true)) AS clock,
  unnest($1::text[], $2::text[], $3::bigint[]) AS renewal (id, token, lease_ms)
WHERE held.id = renewal.id AND held.token = renewal.token AND held.status = 'in_progress'
  AND held.error_name IS NULL AND ${counts('held', 'false')}
RETURNING ${packedTimes}`;
}

export function renewParams(renewals: readonly Renewal[], lockTimeout: string): unknown[] {
  return [
    textArray(renewals.map(({ id }) => id)),
    textArray(renewals.map(({ token }) => token)),
    numberArray(renewals.map(({ leaseMs }) => wholeMs(leaseMs))),
    lockTimeout,
  ];
}
