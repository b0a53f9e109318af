import type { Claim, StoredRecord } from '@twiceproof/core';

/** The record of a claim that was granted, but for its fence. Nothing is left of the last attempt, where
 * its record counts, but its count, and when the first one was. */
export function claimed(
  claim: Claim,
  last: StoredRecord | undefined,
  now: number,
): Omit<StoredRecord, 'fence'> {
  const leaseUntil = Math.ceil(now + claim.leaseMs);
  return {
    id: claim.id,
    environment: claim.environment,
    operation: claim.operation,
    run: claim.run,
    scope: claim.scope,
    status: 'in_progress',
    token: claim.token,
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
