import type { Claim, StoredRecord } from '@twiceproof/core';
import type { Note } from './record-texts.ts';

/** A claim that this process made, and what it took the server's clock to be. */
export interface OwnClaim {
  readonly claim: Claim;
  readonly now: number;
  /** What was written. */
  readonly value: string;
}

/** How an attempt ends. */
export type SettledStatus = 'completed' | 'failed' | 'unknown';

/** The record that a first claim wrote. */
export function claimedRecord(claim: Claim, now: number): StoredRecord {
  const leaseUntil = now + claim.leaseMs;
  return {
    id: claim.id,
    environment: claim.environment,
    operation: claim.operation,
    run: claim.run,
    scope: claim.scope,
    status: 'in_progress',
    token: claim.token,
    fence: now * 1_000,
    attempt: 1,
    fingerprint: claim.fingerprint,
    workflow: claim.workflow,
    inputDigest: claim.inputDigest,
    createdAt: now,
    startedAt: now,
    leaseUntil,
    completedAt: undefined,
    expiresAt: claim.retentionMs === null ? undefined : leaseUntil + claim.retentionMs,
    keyPreview: claim.keyPreview,
    inputPreview: claim.inputPreview,
    outcome: undefined,
    outcomeBytes: undefined,
    lastError: undefined,
    settledBy: undefined,
    traceparent: claim.traceparent,
    formatVersion: claim.formatVersion,
  };
}

/** What becomes of that record, once it is settled as its claimant knew that it would be. */
export function settledOwn(
  { claim, now }: OwnClaim,
  status: SettledStatus,
  durationMs: number,
  retentionMs: number | null,
  note: Note,
  outcome: Uint8Array | undefined,
): StoredRecord {
  const completedAt = now + durationMs;
  return {
    id: claim.id,
    environment: claim.environment,
    operation: claim.operation,
    run: claim.run,
    scope: claim.scope,
    status: status === 'completed' ? 'completed' : 'failed',
    token: claim.token,
    fence: now * 1_000,
    attempt: 1,
    fingerprint: claim.fingerprint,
    workflow: claim.workflow,
    inputDigest: claim.inputDigest,
    createdAt: now,
    startedAt: now,
    leaseUntil: now + claim.leaseMs,
    completedAt,
    expiresAt: retentionMs === null ? undefined : completedAt + Math.ceil(retentionMs),
    keyPreview: claim.keyPreview,
    inputPreview: claim.inputPreview,
    outcome,
    outcomeBytes: outcome?.byteLength,
    lastError: note.lastError,
    settledBy: note.settledBy,
    traceparent: note.traceparent ?? claim.traceparent,
    formatVersion: claim.formatVersion,
  };
}
