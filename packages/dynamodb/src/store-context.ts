import { isOutcomeUnknown, type StoredRecord, type StoreOptions } from '@twiceproof/core';
import type { OwnClaims } from '@twiceproof/core/toolkit';
import type { CorrectedClock } from './clock.ts';
import { type Item, isTombstone, type Kept, type Layout, readItem } from './item.ts';
import type { Settings } from './options.ts';
import type { Requests } from './requests.ts';

/** What the operations of the store share. */
export interface StoreContext {
  readonly settings: Settings;
  readonly layout: Layout;
  readonly clock: CorrectedClock;
  readonly requests: Requests;
  /** A renewal knows from them how long the record outlives its lease. */
  readonly ownClaims: OwnClaims<Kept>;
}

/** Makes sure of the time, before one is written that no later answer puts right. */
export async function makeSureOfTime(
  { layout, clock, requests }: StoreContext,
  id: string,
  options: StoreOptions | undefined,
): Promise<void> {
  if (clock.isCertain()) return;
  await requests.get(layout.keys.of(id), options?.signal);
  if (!clock.isCertain()) clock.assume();
}

/** What an item holds; undefined if it is only the trace of a deletion. */
export function find({ layout }: StoreContext, id: string, item: Item): Kept | undefined {
  return isTombstone(layout, item) ? undefined : readItem(layout, id, item);
}

/** What this process knows of a claim, or the table. Undefined if the record is not that claim's. */
export async function findClaim(
  context: StoreContext,
  id: string,
  token: string,
  options: StoreOptions | undefined,
): Promise<Kept | undefined> {
  const own = context.ownClaims.of(id, token);
  if (own !== undefined) return own;
  const item = await context.requests.get(context.layout.keys.of(id), options?.signal);
  const found = item && find(context, id, item);
  return found?.record.token === token ? found : undefined;
}

/** Whether the record no longer counts. A lease that may still be alive keeps it. */
export function isExpired(
  context: StoreContext,
  { record, copyUntil }: Kept,
  now: number,
  options: StoreOptions | undefined,
): boolean {
  if (copyUntil !== undefined) return copyUntil <= now;
  const { status, expiresAt } = record;
  if (expiresAt === undefined || expiresAt > now) return false;
  if (status === 'in_progress') return isLeaseOver(context, record, now);
  return status !== 'completed' || options?.retirement !== 'paused';
}

/** Whether a lease is over beyond doubt, whichever of two clients' clocks is ahead. */
export function isLeaseOver(
  { settings }: StoreContext,
  record: StoredRecord,
  now: number,
): boolean {
  return isOutcomeUnknown(record) || record.leaseUntil + settings.marginMs <= now;
}

/** What is left of a lease for others, to whom the margin counts: never more than all of it, and
 * zero or less only when it is over beyond doubt. */
export function leaseLeft({ settings }: StoreContext, found: Kept, now: number): number {
  const { record, renewedAt } = found;
  const whole = record.leaseUntil - (renewedAt ?? record.startedAt);
  const left = Math.min(whole, record.leaseUntil + settings.marginMs - now);
  return isOutcomeUnknown(record) ? Math.min(left, 0) : left;
}
