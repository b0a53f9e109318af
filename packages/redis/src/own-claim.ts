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
  const { retentionMs } = claim;
  const expiresAt = retentionMs === null ? undefined : now + claim.leaseMs + retentionMs;
  return ownRecord(claim, now, 'in_progress', undefined, expiresAt, nothingNoted, undefined);
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
  const expiresAt = retentionMs === null ? undefined : completedAt + Math.ceil(retentionMs);
  const recorded = status === 'completed' ? 'completed' : 'failed';
  return ownRecord(claim, now, recorded, completedAt, expiresAt, note, outcome);
}

const nothingNoted: Note = {};

/** By name, as a copy with changes takes much longer. */
function ownRecord(
  claim: Claim,
  now: number,
  status: StoredRecord['status'],
  completedAt: number | undefined,
  expiresAt: number | undefined,
  note: Note,
  outcome: Uint8Array | undefined,
): StoredRecord {
  return {
    id: claim.id,
    environment: claim.environment,
    operation: claim.operation,
    run: claim.run,
    scope: claim.scope,
    status,
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
    expiresAt,
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
