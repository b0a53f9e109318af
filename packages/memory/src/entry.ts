import type { Claim, ErrorNote, RecordStatus, SettledBy, StoredRecord } from '@twiceproof/core';
import { isOutcomeUnknown, recordVersion } from '@twiceproof/core';
import type { Time } from './time.ts';

/**
 * One record as it is kept, with times of the store's own {@link Time}. All entries have the same
 * properties in the same order, so that V8 gives them one shape.
 */
export interface Entry {
  readonly id: string;
  readonly environment: string;
  readonly operation: string;
  readonly run: number;
  readonly scope: string | undefined;
  readonly seq: number;
  status: RecordStatus;
  token: string;
  fence: number;
  attempt: number;
  fingerprint: string | undefined;
  workflow: string | undefined;
  inputDigest: string | undefined;
  readonly createdAt: number;
  startedAt: number;
  leaseUntil: number;
  completedAt: number | undefined;
  expiresAt: number | undefined;
  keyPreview: string | undefined;
  inputPreview: string | undefined;
  /** The outcome bytes, one per character: 100 bytes take 120 of heap, and 294 as a typed array. */
  outcome: string | undefined;
  lastError: ErrorNote | undefined;
  settledBy: SettledBy | undefined;
  traceparent: string | undefined;
  formatVersion: number;
  /** Place in the expiry queue, -1 outside it. */
  slot: number;
}

/** A filled copy of a slower store's record: kept as it is, but only until then. */
export interface Copy extends Entry {
  readonly until: number;
}

/** When the entry stops counting and may be removed; undefined for never. */
export function removeAt(entry: Entry): number | undefined {
  return (entry as Partial<Copy>).until ?? entry.expiresAt;
}

/** A first claim of a record id. */
export function claimed(claim: Claim, seq: number, fence: number, stamp: number): Entry {
  const leaseUntil = stamp + claim.leaseMs;
  const expiresAt = claim.retentionMs === null ? undefined : leaseUntil + claim.retentionMs;
  return {
    id: claim.id,
    environment: claim.environment,
    operation: claim.operation,
    run: claim.run,
    scope: claim.scope,
    seq,
    status: 'in_progress',
    token: claim.token,
    fence,
    attempt: 1,
    fingerprint: claim.fingerprint,
    workflow: claim.workflow,
    inputDigest: claim.inputDigest,
    createdAt: stamp,
    startedAt: stamp,
    leaseUntil,
    completedAt: undefined,
    expiresAt,
    keyPreview: claim.keyPreview,
    inputPreview: claim.inputPreview,
    outcome: undefined,
    lastError: undefined,
    settledBy: undefined,
    traceparent: claim.traceparent,
    formatVersion: claim.formatVersion,
    slot: -1,
  };
}

/** A later claim of a record that is still there: the next attempt, with nothing left of the last. */
export function reclaim(entry: Entry, claim: Claim, fence: number, stamp: number): void {
  entry.status = 'in_progress';
  entry.token = claim.token;
  entry.fence = fence;
  if (!claim.settlesOnly) entry.attempt += 1;
  entry.fingerprint = claim.fingerprint;
  entry.workflow = claim.workflow;
  entry.inputDigest = claim.inputDigest;
  entry.startedAt = stamp;
  entry.leaseUntil = stamp + claim.leaseMs;
  entry.completedAt = undefined;
  entry.expiresAt = claim.retentionMs === null ? undefined : entry.leaseUntil + claim.retentionMs;
  entry.keyPreview = claim.keyPreview;
  entry.inputPreview = claim.inputPreview;
  entry.outcome = undefined;
  entry.lastError = undefined;
  entry.settledBy = undefined;
  entry.traceparent = claim.traceparent;
  entry.formatVersion = claim.formatVersion;
}

/** A record of a slower store, as it is. */
export function copied(record: StoredRecord, until: number, time: Time): Copy {
  const local = (epoch: number | undefined) =>
    epoch === undefined ? undefined : time.fromEpoch(epoch);
  return {
    id: record.id,
    environment: record.environment,
    operation: record.operation,
    run: record.run,
    scope: record.scope,
    seq: 0,
    status: record.status,
    token: record.token,
    fence: record.fence,
    attempt: record.attempt,
    fingerprint: record.fingerprint,
    workflow: record.workflow,
    inputDigest: record.inputDigest,
    createdAt: time.fromEpoch(record.createdAt),
    startedAt: time.fromEpoch(record.startedAt),
    leaseUntil: time.fromEpoch(record.leaseUntil),
    completedAt: local(record.completedAt),
    expiresAt: local(record.expiresAt),
    keyPreview: record.keyPreview,
    inputPreview: record.inputPreview,
    outcome: record.outcome && pack(record.outcome),
    lastError: record.lastError && note(record.lastError),
    settledBy: record.settledBy && settler(record.settledBy),
    traceparent: record.traceparent,
    formatVersion: record.formatVersion,
    slot: -1,
    until,
  };
}

export function toRecord(entry: Entry, time: Time, withOutcome = true): StoredRecord {
  const { outcome, completedAt, expiresAt } = entry;
  return {
    id: entry.id,
    environment: entry.environment,
    operation: entry.operation,
    run: entry.run,
    scope: entry.scope,
    status: entry.status,
    token: entry.token,
    fence: entry.fence,
    attempt: entry.attempt,
    fingerprint: entry.fingerprint,
    workflow: entry.workflow,
    inputDigest: entry.inputDigest,
    createdAt: time.toEpoch(entry.createdAt),
    startedAt: time.toEpoch(entry.startedAt),
    leaseUntil: time.toEpoch(entry.leaseUntil),
    completedAt: completedAt === undefined ? undefined : time.toEpoch(completedAt),
    expiresAt: expiresAt === undefined ? undefined : time.toEpoch(expiresAt),
    keyPreview: entry.keyPreview,
    inputPreview: entry.inputPreview,
    outcome: withOutcome && outcome !== undefined ? unpack(outcome) : undefined,
    outcomeBytes: outcome?.length,
    lastError: entry.lastError && note(entry.lastError),
    settledBy: entry.settledBy && settler(entry.settledBy),
    traceparent: entry.traceparent,
    formatVersion: entry.formatVersion,
  };
}

/** What is left of the lease; nothing of an attempt that ended as unknown. */
export function leaseLeft(entry: Entry, now: number): number {
  const left = entry.leaseUntil - now;
  return isOutcomeUnknown(entry) ? Math.min(left, 0) : left;
}

export function versionOf(entry: Entry, time: Time): string {
  const { fence, status, expiresAt } = entry;
  return recordVersion({
    fence,
    status,
    expiresAt: expiresAt === undefined ? undefined : time.toEpoch(expiresAt),
  });
}

/** Copies: what the caller does to the error afterwards changes nothing here. */
export function note(error: ErrorNote): ErrorNote {
  return { name: error.name, message: error.message };
}

/** Copies, as well. */
export function settler({ by, reason }: SettledBy): SettledBy {
  return { by, reason };
}

/** Copies: what the caller does to the bytes afterwards changes nothing here. */
export function pack(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function unpack(packed: string): Uint8Array {
  return Buffer.from(packed, 'latin1');
}
