import {
  type Acquisition,
  type Claim,
  isOutcomeUnknown,
  recordVersion,
  type StoredRecord,
} from '@twiceproof/core';
import { counts } from './expiry.ts';
import type { Table } from './table.ts';

/** What the record that is there answers to the claim; undefined if the claim may have its place. */
export function judge(
  table: Table,
  claim: Claim,
  now: number,
  paused: boolean,
): Acquisition | undefined {
  const record = table.read(claim.id);
  if (record === undefined || !counts(record, now, paused)) return undefined;
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

/** Judges again, now that nobody else writes, and claims. */
export function acquire(table: Table, claim: Claim, now: number, paused: boolean): Acquisition {
  const answer = judge(table, claim, now, paused);
  if (answer !== undefined) return answer;
  const found = table.read(claim.id);
  const last = found !== undefined && counts(found, now, paused) ? found : undefined;
  const fence = table.nextFence();
  const record = claimed(claim, last, fence, now);
  if (last === undefined) {
    table.remove(claim.id);
    table.add(record, fence);
  } else table.change(record);
  return { status: 'acquired', record, leaseRemainingMs: claim.leaseMs };
}

/** Nothing is left of the last attempt but its count, and when the first one was. */
function claimed(
  claim: Claim,
  last: StoredRecord | undefined,
  fence: number,
  now: number,
): StoredRecord {
  const leaseUntil = Math.ceil(now + claim.leaseMs);
  return {
    id: claim.id,
    environment: claim.environment,
    operation: claim.operation,
    run: claim.run,
    scope: claim.scope,
    status: 'in_progress',
    token: claim.token,
    fence,
    attempt: last === undefined ? 1 : last.attempt + (claim.settlesOnly ? 0 : 1),
    fingerprint: claim.fingerprint,
    workflow: claim.workflow,
    inputDigest: claim.inputDigest,
    createdAt: last?.createdAt ?? now,
    startedAt: now,
    leaseUntil,
    expiresAt: claim.retentionMs === null ? undefined : Math.ceil(leaseUntil + claim.retentionMs),
    keyPreview: claim.keyPreview,
    inputPreview: claim.inputPreview,
    traceparent: claim.traceparent,
    formatVersion: claim.formatVersion,
  };
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
