import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { foreverMs, type Item, number } from './item.ts';

/** Sets the expiry of a record in progress, and what DynamoDB's time to live reads, to as long after the
 * end of its lease as the claim said. */
export const outliving: string =
  '#expiresAt = if_not_exists(#retentionMs, :forever) + :leaseEnd, ' +
  '#ttl = if_not_exists(#ttlSeconds, :foreverSeconds) + :leaseEndSeconds';

export function outlivingValues(leaseUntil: number): Item {
  return {
    ':leaseEnd': number(leaseUntil),
    ':leaseEndSeconds': number(Math.ceil(leaseUntil / 1_000)),
    ':forever': number(foreverMs),
    ':foreverSeconds': number(foreverMs / 1_000),
  };
}

/** What the expiry is then. */
export function outlivedBy(retentionMs: AttributeValue | undefined, leaseUntil: number): number {
  return Number(retentionMs?.N ?? foreverMs) + leaseUntil;
}
