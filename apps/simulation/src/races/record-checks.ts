import {
  type Acquisition,
  type Claim,
  recordVersion,
  type Settlement,
  type StoredRecord,
} from '@twiceproof/core';
import type { InvariantName } from '../checkers/invariants.ts';

type Row = StoredRecord | undefined;
export type Found = readonly [invariant: InvariantName, text: string] | undefined;

/** Whether the row counts, by arithmetic of this page's own. */
export function stillCounts(row: Row, now: number): row is StoredRecord {
  return row !== undefined && (row.expiresAt === undefined || now < row.expiresAt);
}

function isLive({ status, leaseUntil, lastError }: StoredRecord, now: number): boolean {
  return status === 'in_progress' && lastError === undefined && now < leaseUntil;
}

function isOther(row: StoredRecord, { fingerprint }: Claim): boolean {
  return (
    row.fingerprint !== undefined && fingerprint !== undefined && row.fingerprint !== fingerprint
  );
}

/** What is wrong with how a claim was decided. */
export function wrongClaim(
  claim: Claim,
  before: Row,
  after: Row,
  { status, record }: Acquisition,
  lastFence: number,
  now: number,
): Found {
  const row = stillCounts(before, now) ? before : undefined;
  const isMine = row?.status === 'in_progress' && row.token === claim.token;
  if (status === 'existing') {
    if (after !== before) return ['duplicates write nothing', 'a refused claim changed the record'];
    if (!row) return ['expiry by the authority', 'a claim was answered with an expired record'];
    if (isMine) return ['own-write recognition', 'a claim was answered as somebody else’s'];
    if (isOther(row, claim) || isLive(row, now) || row.status === 'completed') return undefined;
    const isFree = row.status === 'failed' || claim.abandoned === 'reexecute';
    if (claim.supersedes !== undefined || !isFree) return undefined;
    return ['liveness', `a record that is ${row.status} and free was refused`];
  }
  if (isMine) {
    if (after !== before) return ['own-write recognition', 'a claim that had landed began anew'];
    return undefined;
  }
  if (record.fence <= lastFence) return ['rising fence', `${record.fence} after ${lastFence}`];
  if (after?.leaseUntil !== now + claim.leaseMs)
    return ['lease deadline', 'a lease of another length'];
  if (!row) return undefined;
  if (isLive(row, now)) return ['exclusivity', `${claim.token} beside ${row.token}`];
  if (isOther(row, claim)) return ['mismatch changes nothing', 'claimed with another payload'];
  if (claim.supersedes !== undefined) {
    if (claim.supersedes === recordVersion(row)) return undefined;
    return ['unknown is not failure', 'claimed by a verdict about an earlier attempt'];
  }
  if (row.status === 'completed') return ['stability', 'a completed record was claimed again'];
  if (row.status === 'in_progress' && claim.abandoned === 'hold') {
    return ['unknown is not failure', 'an abandoned attempt was executed again without a verdict'];
  }
  return undefined;
}

/** What is wrong with how a renewal was decided. */
export function wrongRenewal(
  token: string,
  before: Row,
  after: Row,
  isRenewed: boolean,
  now: number,
): Found {
  const isMine =
    stillCounts(before, now) && before.status === 'in_progress' && before.token === token;
  const isOwner = isMine && before.lastError === undefined;
  if (after !== before) {
    if (!isOwner) return ['ownership', `${token} renewed what it does not own`];
    if (after!.leaseUntil < before.leaseUntil) return ['lease deadline', 'a renewal shortened it'];
  }
  if (isOwner && !isRenewed) return ['own-write recognition', 'an owner was told that it is none'];
  return undefined;
}

/** What is wrong with how the end of an attempt was decided. */
export function wrongSettlement(
  token: string,
  status: StoredRecord['status'],
  before: Row,
  after: Row,
  answer: Settlement,
  now: number,
): Found {
  const row = stillCounts(before, now) ? before : undefined;
  const isOwner = row?.status === 'in_progress' && row.token === token;
  if (after !== before) {
    if (row?.status === 'completed') return ['stability', `completed, and changed by ${token}`];
    if (!isOwner) return ['ownership', `${token} settled what it does not own`];
    if (answer.status !== 'done') return ['own-write recognition', `${answer.status}, and changed`];
    return undefined;
  }
  const isDone = row?.token === token && row.status === status;
  if (answer.status === 'lost' && (isOwner || (isDone && status !== 'in_progress'))) {
    return ['own-write recognition', 'what landed, or may land, is called lost'];
  }
  if (answer.status === 'done' || (answer.status === 'already_done' && !isDone)) {
    return ['agreement', `answered ${answer.status}, and nothing is recorded`];
  }
  return undefined;
}

/** What is wrong with an attempt that has ended with nobody knowing how. */
export function wrongUnknown({ status, leaseUntil }: StoredRecord, now: number): Found {
  if (status !== 'in_progress') return ['unknown is not failure', `it became ${status}`];
  if (leaseUntil > now) return ['liveness', 'an attempt that has ended keeps its lease'];
  return undefined;
}
