import assert from 'node:assert/strict';
import type { Acquisition, Claim, Settlement, Store, StoredRecord } from '@twiceproof/core';

/** Claims, and insists that the claim is granted. */
export async function acquire(store: Store, claim: Claim): Promise<StoredRecord> {
  return acquired(await store.acquire(claim));
}

/** Claims, and answers the record if the claim is granted: for whoever asks until it is. */
export async function granted(store: Store, claim: Claim): Promise<StoredRecord | undefined> {
  const answer = await store.acquire(claim);
  return answer.status === 'acquired' ? answer.record : undefined;
}

/** The record of a claim that was granted. */
export function acquired(answer: Acquisition): StoredRecord {
  assert.equal(answer.status, 'acquired', 'the claim should have been granted');
  return answer.record;
}

/** The record that a claim was refused for. */
export function existing(answer: Acquisition): StoredRecord {
  assert.equal(
    answer.status,
    'existing',
    'the claim should have been answered the existing record',
  );
  return answer.record;
}

/** The record after a settlement that took place. */
export function done(settlement: Settlement): StoredRecord {
  assert.equal(settlement.status, 'done', 'the settlement should have taken place');
  return (settlement as { record: StoredRecord }).record;
}

export function alreadyDone(settlement: Settlement): StoredRecord {
  assert.equal(settlement.status, 'already_done', 'the retry should have been recognised');
  return (settlement as { record: StoredRecord }).record;
}

/** Reads a record that must be there. */
export async function read(store: Store, id: string): Promise<StoredRecord> {
  const record = await store.get(id);
  assert.ok(record, 'the record should be there');
  return record;
}
