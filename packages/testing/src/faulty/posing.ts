import type { Claim, Store, StoredRecord } from '@twiceproof/core';

/** The token of whoever is executing, for a store that does not care who asks. */
export async function ownerOf(store: Store, id: string, otherwise: string): Promise<string> {
  const record = await store.get(id);
  return record?.status === 'in_progress' ? record.token : otherwise;
}

/** Another claim of the work of a record. */
export function claimLike(record: StoredRecord, token: string): Claim {
  const { id, environment, operation, run, scope, formatVersion } = record;
  const work = { id, environment, operation, run, scope, formatVersion };
  return { ...work, token, leaseMs: 60_000, retentionMs: 60_000, abandoned: 'reexecute' };
}
