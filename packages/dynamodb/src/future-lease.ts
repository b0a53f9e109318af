import type { StoreOptions } from '@twiceproof/core';
import { expression } from './expression.ts';
import { type Item, type Kept, number } from './item.ts';
import type { StoreContext } from './store-context.ts';

/**
 * Whether a lease was written by a clock that was ahead, which nobody put right: its owner ended between
 * that write and the next one. Twice the margin, because neither of two right clocks is exact.
 */
export function isOfTheFuture({ clock, settings }: StoreContext, found: Kept): boolean {
  const { record, copyUntil, renewedAt } = found;
  if (record.status !== 'in_progress' || copyUntil !== undefined || !clock.isTaught()) return false;
  return (renewedAt ?? record.startedAt) > clock.now() + 2 * settings.marginMs;
}

/** That the item is still as it was found. */
interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
}

/** Lets such a lease begin now: an owner who lives after all began before, and so ends before it. */
export async function letBeginNow(
  { clock, layout, requests }: StoreContext,
  { record, renewedAt }: Kept,
  condition: Condition,
  options: StoreOptions | undefined,
): Promise<void> {
  const update = expression(layout, 'SET #leaseUntil = :leaseEnd, #renewedAt = :now');
  const now = clock.now();
  const wholeMs = record.leaseUntil - (renewedAt ?? record.startedAt);
  const names = { ...condition.ExpressionAttributeNames, ...update.aliases };
  await requests.update(
    {
      Key: layout.keys.of(record.id),
      UpdateExpression: update.text,
      ...condition,
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
      ExpressionAttributeValues: {
        ...condition.ExpressionAttributeValues,
        ':leaseEnd': number(now + wholeMs),
        ':now': number(now),
      },
      ReturnValues: 'NONE',
    },
    options?.signal,
  );
}
