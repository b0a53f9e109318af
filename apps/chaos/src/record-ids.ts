import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { keyed } from './worker/keyed.ts';

/** The records of these keys. */
export async function recordIds(keys: readonly string[]): Promise<string[]> {
  const store = memoryStore();
  const { environment, ...operation } = keyed;
  const named = createIdempotency({ environment, store }).wrap(
    async (_: { readonly key: string }) => {},
    operation,
  );
  const ids = await Promise.all(keys.map((key) => named.idOf({ key })));
  await store.close?.();
  return ids;
}
