import type { Acquisition, Claim, Store } from '@twiceproof/core';

/** Claims a record away from whoever has it. */
export async function seize(store: Store, claim: Claim): Promise<Acquisition> {
  const record = await store.get(claim.id);
  if (record?.status === 'in_progress') {
    const error = { name: 'Error', message: 'seized' };
    await store.release(record.id, record.token, { error, retentionMs: null });
  }
  return store.acquire(claim);
}
