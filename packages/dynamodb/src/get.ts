import type { StoredRecord, StoreOptions } from '@twiceproof/core';
import { find, isExpired, type Table } from './table.ts';

export function getter(
  table: Table,
): (id: string, options?: StoreOptions) => Promise<StoredRecord | undefined> {
  return async (id, options) => {
    const item = await table.requests.get(table.layout.keys.of(id), options?.signal);
    const found = item && find(table, id, item);
    if (found === undefined || isExpired(table, found, table.clock.now(), options))
      return undefined;
    return found.record;
  };
}
