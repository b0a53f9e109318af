import { isOutcomeUnknown, type StoredRecord, type StoreOptions } from '@twiceproof/core';
import type { CorrectedClock } from './clock.ts';
import { type Item, isTombstone, type Layout, readRecord } from './item.ts';
import type { Settings } from './options.ts';
import type { Requests } from './requests.ts';

/** What every operation works with. */
export interface Table {
  readonly settings: Settings;
  readonly layout: Layout;
  readonly clock: CorrectedClock;
  readonly requests: Requests;
}

/** Makes sure of the time, before one is written that no later answer puts right. */
export async function makeSureOfTime(
  { layout, clock, requests }: Table,
  id: string,
  options: StoreOptions | undefined,
): Promise<void> {
  if (clock.isCertain()) return;
  await requests.get(layout.keys.of(id), options?.signal);
  if (!clock.isCertain()) clock.assume();
}

/** A record as it was found in the table. */
export interface Found {
  readonly record: StoredRecord;
  /** Set when it is a copy of another store's record: when this store stops serving it. */
  readonly copyUntil: number | undefined;
  /** When the lease was last renewed. */
  readonly renewedAt: number | undefined;
}

/** What an item holds; undefined if it is only the trace of a deletion. */
export function find({ layout }: Table, id: string, item: Item): Found | undefined {
  if (isTombstone(layout, item)) return undefined;
  const time = (name: string) => {
    const value = item[name]?.N;
    return value === undefined ? undefined : Number(value);
  };
  return {
    record: readRecord(layout, id, item),
    copyUntil: time(layout.names.copyUntil),
    renewedAt: time(layout.names.renewedAt),
  };
}

/** Whether the record no longer counts. A lease that may still be alive keeps it. */
export function isExpired(
  table: Table,
  { record, copyUntil }: Found,
  now: number,
  options: StoreOptions | undefined,
): boolean {
  if (copyUntil !== undefined) return copyUntil <= now;
  const { status, expiresAt } = record;
  if (expiresAt === undefined || expiresAt > now) return false;
  if (status === 'in_progress') return isLeaseOver(table, record, now);
  return status !== 'completed' || options?.retirement !== 'paused';
}

/** Whether a lease is over beyond doubt, whichever of two clients' clocks is ahead. */
export function isLeaseOver({ settings }: Table, record: StoredRecord, now: number): boolean {
  return isOutcomeUnknown(record) || record.leaseUntil + settings.marginMs <= now;
}

/** What is left of a lease for others, to whom the margin counts: never more than all of it, and
 * zero or less only when it is over beyond doubt. */
export function leaseLeft({ settings }: Table, found: Found, now: number): number {
  const { record, renewedAt } = found;
  const whole = record.leaseUntil - (renewedAt ?? record.startedAt);
  const left = Math.min(whole, record.leaseUntil + settings.marginMs - now);
  return isOutcomeUnknown(record) ? Math.min(left, 0) : left;
}
