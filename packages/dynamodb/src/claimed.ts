import type { Claim, StoredRecord } from '@twiceproof/core';
import type { Kept } from './item.ts';

/** What a claim takes over from the item that it replaces. */
export interface Prior {
  readonly fence: number;
  /** Left out when the item no longer counts: then the claim is a first one. */
  readonly record?: Pick<StoredRecord, 'createdAt' | 'attempt'> | undefined;
}

/** The record of a claim that is made now. */
export function claimed(claim: Claim, prior: Prior | undefined, now: number): Kept {
  const retentionMs = claim.retentionMs === null ? null : Math.ceil(claim.retentionMs);
  const leaseUntil = now + Math.ceil(claim.leaseMs);
  const record: StoredRecord = {
    id: claim.id,
    environment: claim.environment,
    operation: claim.operation,
    run: claim.run,
    scope: claim.scope,
    status: 'in_progress',
    token: claim.token,
    fence: nextFence(prior?.fence, now),
    attempt: attemptOf(claim, prior?.record?.attempt),
    fingerprint: claim.fingerprint,
    workflow: claim.workflow,
    inputDigest: claim.inputDigest,
    createdAt: prior?.record?.createdAt ?? now,
    startedAt: now,
    leaseUntil,
    expiresAt: retentionMs === null ? undefined : leaseUntil + retentionMs,
    keyPreview: claim.keyPreview,
    inputPreview: claim.inputPreview,
    traceparent: claim.traceparent,
    formatVersion: claim.formatVersion,
  };
  return { record, retentionMs };
}

function attemptOf({ settlesOnly }: Claim, before: number | undefined): number {
  if (before === undefined) return 1;
  return settlesOnly ? before : before + 1;
}

/**
 * Greater than every fence that this record id ever had: above the one in the item, and where the
 * item is gone, above it by the clock, because time passed before it could be deleted.
 */
export function nextFence(previous: number | undefined, now: number): number {
  const seed = now * 1_000;
  return previous === undefined ? seed : Math.max(previous + 1, seed);
}
