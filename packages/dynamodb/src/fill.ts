import type { StoredRecord, StoreOptions } from '@twiceproof/core';
import { aliasesOf, expression } from './expression.ts';
import { number, writeItem } from './item.ts';
import { itemBytes, maxItemBytes } from './item-size.ts';
import { makeSureOfTime, type StoreContext } from './store-context.ts';

/** A copy that is on its way for longer than this was not made before the deletion it meets. */
const lateMs = 60_000;

/**
 * Keeps a copy of a slower store's record. It takes no place from a record of this store's own or
 * from a newer copy, and one that was late does not undo the deletion of what it copies.
 */
export function createFill(
  context: StoreContext,
): (record: StoredRecord, ttlMs: number, options?: StoreOptions) => Promise<void> {
  const { layout, clock, requests } = context;
  const condition = expression(
    layout,
    'attribute_not_exists(#pk) OR ' +
      '(attribute_exists(#copyUntil) AND #fence <= :fence) OR ' +
      '(attribute_exists(#deletedAt) AND (#fence < :fence OR #deletedAt < :longAgo)) OR ' +
      '(attribute_not_exists(#copyUntil) AND attribute_not_exists(#deletedAt) AND #expiresAt <= :now AND #leaseUntil <= :over)',
  );

  return async (record, ttlMs, options) => {
    if (ttlMs <= 0 || record.outcome === undefined) return;
    await makeSureOfTime(context, record.id, options);
    const now = clock.now();
    const copyUntil = Math.floor(now + ttlMs);
    const copy = { ...record, outcomeBytes: record.outcome.byteLength };
    const item = writeItem(layout, { record: copy, retentionMs: null, copyUntil });
    // A tier that cannot hold a record does without it.
    if (itemBytes(item) > maxItemBytes) return;
    await requests.put(
      {
        Item: item,
        ConditionExpression: condition.text,
        ...aliasesOf(condition),
        ExpressionAttributeValues: {
          ':fence': number(record.fence),
          ':now': number(now),
          ':longAgo': number(now - lateMs),
          ':over': number(now - context.settings.marginMs),
        },
      },
      options?.signal,
    );
  };
}
