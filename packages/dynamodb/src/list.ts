import type { RecordPage, RecordQuery, StoredRecord, StoreOptions } from '@twiceproof/core';
import { type IdempotencyError, isIdempotencyError } from '@twiceproof/core';
import { checkCount } from '@twiceproof/core/toolkit';
import { decodeCursor, encodeCursor, forgedCursor } from './cursor.ts';
import { isWrongPlace } from './faults.ts';
import type { Item } from './item.ts';
import { sourceOf } from './list-source.ts';
import { find, isExpired, isLeaseOver, type StoreContext } from './store-context.ts';

/** Requests that one page of a narrow query costs at most; then it is answered as far as it got. */
const mostRequests = 10;

/** Records that cannot be read that are told of, each once. */
const mostTold = 100;

/** Lists records, without their outcomes. For operators: it reads far more than it answers. */
export function createList(
  context: StoreContext,
): (query: RecordQuery, options?: StoreOptions) => Promise<RecordPage> {
  // One record that cannot be read must not hide the others from an operator, nor flood the log.
  const told = new Set<string>();
  const onUnreadable = (error: IdempotencyError) => {
    if (told.has(error.message) || told.size === mostTold) return;
    told.add(error.message);
    context.settings.warn({ code: 'RECORD_UNREADABLE', message: error.message });
  };

  return async (query, options) => {
    const { limit } = query;
    checkCount(limit, 'limit', 1_000);
    const source = sourceOf(context, query);
    const records: StoredRecord[] = [];
    let from = query.cursor === undefined ? undefined : decodeCursor(query.cursor, source);
    for (let request = 0; request < mostRequests; request += 1) {
      const page = await source.read(from, options?.signal).catch((fault: unknown) => {
        throw request === 0 && isWrongPlace(fault) ? forgedCursor() : fault;
      });
      for (const item of page.items) {
        const record = matching(context, query, item, options, onUnreadable);
        if (record !== undefined) records.push(record);
        if (records.length < limit) continue;
        const isLast = page.lastKey === undefined && item === page.items.at(-1);
        return isLast ? { records } : { records, cursor: encodeCursor(item, source) };
      }
      if (page.lastKey === undefined) return { records };
      from = page.lastKey;
    }
    return { records, cursor: encodeCursor(from!, source) };
  };
}

/** The record of an item, if the query asks for it; what DynamoDB cannot filter is filtered here. */
function matching(
  context: StoreContext,
  query: RecordQuery,
  item: Item,
  options: StoreOptions | undefined,
  onUnreadable: (error: IdempotencyError) => void,
): StoredRecord | undefined {
  const { layout, clock } = context;
  const id = layout.keys.recordIdIn(item) ?? item[layout.names.recordId]?.S;
  if (id === undefined) return undefined;
  try {
    const found = find(context, id, item);
    if (found === undefined) return undefined;
    const now = clock.now();
    if (isExpired(context, found, now, options)) return undefined;
    const { record } = found;
    const { environment, scope, run, workflow } = query;
    const { idPrefix, text, stuck, held, startedBefore } = query;
    if (environment !== undefined && record.environment !== environment) return undefined;
    if (scope !== undefined && record.scope !== scope) return undefined;
    if (run !== undefined && record.run !== run) return undefined;
    if (workflow !== undefined && record.workflow !== workflow) return undefined;
    if (startedBefore !== undefined && record.startedAt >= startedBefore) return undefined;
    if (idPrefix !== undefined && !id.startsWith(idPrefix)) return undefined;
    if ((stuck || held) && !isLeaseOver(context, record, now)) return undefined;
    if (held && record.expiresAt !== undefined) return undefined;
    if (text === undefined) return record;
    const isFound = record.keyPreview?.toLowerCase().includes(text.toLowerCase());
    return isFound ? record : undefined;
  } catch (error) {
    if (!isIdempotencyError(error, 'RECORD_CORRUPT')) throw error;
    onUnreadable(error);
    return undefined;
  }
}
