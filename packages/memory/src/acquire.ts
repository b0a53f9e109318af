import {
  type Acquisition,
  type Claim,
  IdempotencyError,
  type StoreOptions,
} from '@twiceproof/core';
import { claimed, type Entry, leaseLeft, reclaim, toRecord, versionOf } from './entry.ts';
import { isPaused, type StoreContext } from './store-context.ts';
import { stampOf } from './time.ts';

export function acquire(
  context: StoreContext,
  claim: Claim,
  options: StoreOptions | undefined,
): Acquisition {
  const { table, time } = context;
  const now = time.now();
  const paused = isPaused(options);
  const own = table.own(claim.id, now, paused);
  if (own !== undefined && isClaimable(context, own, claim, now)) {
    context.fence += 1;
    reclaim(own, claim, context.fence, stampOf(now));
    table.changed(own);
    return { status: 'acquired', record: toRecord(own, time), leaseRemainingMs: claim.leaseMs };
  }
  const found = own ?? table.copy(claim.id, now);
  if (found === undefined) {
    table.remove(claim.id);
    if (!table.makeRoom(now, paused)) throw full(claim.id, context.maxRecords);
    context.fence += 1;
    const entry = claimed(claim, table.nextSeq(), context.fence, stampOf(now));
    table.add(entry);
    return { status: 'acquired', record: toRecord(entry, time), leaseRemainingMs: claim.leaseMs };
  }
  const isMine = found.status === 'in_progress' && found.token === claim.token;
  return {
    status: isMine ? 'acquired' : 'existing',
    record: toRecord(found, time),
    leaseRemainingMs: leaseLeft(found, now),
  };
}

function isClaimable({ time }: StoreContext, entry: Entry, claim: Claim, now: number): boolean {
  if (isAboutAnotherPayload(entry, claim)) return false;
  if (
    entry.status === 'in_progress' &&
    (entry.token === claim.token || leaseLeft(entry, now) > 0)
  ) {
    return false;
  }
  if (claim.supersedes !== undefined) return versionOf(entry, time) === claim.supersedes;
  if (entry.status === 'in_progress') return claim.abandoned === 'reexecute';
  return entry.status === 'failed';
}

/** A fingerprint on one side only says nothing: an operation may start to have one. */
function isAboutAnotherPayload(entry: Entry, claim: Claim): boolean {
  const fingerprint = entry.rare?.fingerprint;
  if (fingerprint === undefined || claim.fingerprint === undefined) return false;
  return fingerprint !== claim.fingerprint;
}

function full(recordId: string, maxRecords: number): IdempotencyError<'STORE_UNAVAILABLE'> {
  return new IdempotencyError(
    'STORE_UNAVAILABLE',
    `the memory store holds ${maxRecords} records that must be kept; raise maxRecords, shorten retention, or use a store outside the process`,
    { recordId },
  );
}
