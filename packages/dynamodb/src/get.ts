import type { StoredRecord, StoreOptions } from '@twiceproof/core';
import { find, isExpired, type StoreContext } from './store-context.ts';

export function createGet(
  context: StoreContext,
): (id: string, options?: StoreOptions) => Promise<StoredRecord | undefined> {
  return async (id, options) => {
    const item = await context.requests.get(context.layout.keys.of(id), options?.signal);
    const found = item && find(context, id, item);
    if (found === undefined || isExpired(context, found, context.clock.now(), options))
      return undefined;
    return found.record;
  };
}
