import {
  type Acquisition,
  type Claim,
  isOutcomeUnknown,
  recordVersion,
  type StoredRecord,
} from '@twiceproof/core';

/** What a record that counts answers to the claim; undefined if the claim may have its place. */
export function judge(record: StoredRecord, claim: Claim, now: number): Acquisition | undefined {
  const existing: Acquisition = { status: 'existing', record, leaseRemainingMs: left(record, now) };
  const isInProgress = record.status === 'in_progress';
  if (isInProgress && record.token === claim.token) return { ...existing, status: 'acquired' };
  if (isAnotherPayload(record.fingerprint, claim.fingerprint)) return existing;
  if (isInProgress && existing.leaseRemainingMs > 0) return existing;
  if (claim.supersedes !== undefined) {
    return recordVersion(record) === claim.supersedes ? undefined : existing;
  }
  const isFree = isInProgress ? claim.abandoned === 'reexecute' : record.status === 'failed';
  return isFree ? undefined : existing;
}

/** What is left of the lease; nothing of an attempt that ended as unknown. */
export function left(record: StoredRecord, now: number): number {
  const remaining = record.leaseUntil - now;
  return isOutcomeUnknown(record) ? Math.min(remaining, 0) : remaining;
}

/** A fingerprint on one side only says nothing: an operation may start to have one. */
function isAnotherPayload(held: string | undefined, claimed: string | undefined): boolean {
  return held !== undefined && claimed !== undefined && held !== claimed;
}
