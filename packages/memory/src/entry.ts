import type { Claim, ErrorNote, RecordStatus, SettledBy, StoredRecord } from '@twiceproof/core';
import { isOutcomeUnknown, recordVersion } from '@twiceproof/core';
import { type Origin, originOf } from './origin.ts';
import type { Time } from './time.ts';

/**
 * One record as it is kept, with times of the store's own {@link Time}. All entries have the same
 * properties in the same order, so that V8 gives them one shape.
 */
export interface Entry {
  readonly id: string;
  /** Shared with the records of the same operation. */
  origin: Origin;
  readonly seq: number;
  status: RecordStatus;
  token: string;
  fence: number;
  startedAt: number;
  leaseUntil: number;
  completedAt: number | undefined;
  expiresAt: number | undefined;
  keyPreview: string | undefined;
  /** The outcome bytes, one per character: 100 bytes take 120 of heap, and 294 as a typed array. */
  outcome: string | undefined;
  traceparent: string | undefined;
  /** What few records have: most are claimed once, with a key alone. */
  rare: Rare | undefined;
  /** Place in the expiry queue, -1 outside it. */
  slot: number;
}

interface Rare {
  readonly scope: string | undefined;
  readonly fingerprint: string | undefined;
  /** Of a later attempt: when the first one was, and how many there were. */
  readonly createdAt: number | undefined;
  readonly attempt: number;
  readonly workflow: string | undefined;
  readonly inputDigest: string | undefined;
  readonly inputPreview: string | undefined;
  readonly lastError: ErrorNote | undefined;
  readonly settledBy: SettledBy | undefined;
}

const none: Rare = {
  scope: undefined,
  fingerprint: undefined,
  createdAt: undefined,
  attempt: 1,
  workflow: undefined,
  inputDigest: undefined,
  inputPreview: undefined,
  lastError: undefined,
  settledBy: undefined,
};

/** Copies: what the caller does to the note afterwards changes nothing here. */
function rareOf(rare: Rare): Rare | undefined {
  const { scope, fingerprint, createdAt, attempt, workflow, inputDigest, inputPreview } = rare;
  const { lastError, settledBy } = rare;
  const texts = scope ?? fingerprint ?? workflow ?? inputDigest ?? inputPreview;
  const isRare = texts !== undefined || createdAt !== undefined || attempt !== 1;
  if (!isRare && lastError === undefined && settledBy === undefined) return undefined;
  return {
    scope,
    fingerprint,
    createdAt,
    attempt,
    workflow,
    inputDigest,
    inputPreview,
    lastError: lastError && note(lastError),
    settledBy: settledBy && settler(settledBy),
  };
}

/** Who settled an entry, and with which error; nothing of its last settlement is left. */
export function settledWith(
  entry: Entry,
  lastError: ErrorNote | undefined,
  settledBy: SettledBy | undefined,
): void {
  if (entry.rare || lastError || settledBy) {
    entry.rare = rareOf({ ...(entry.rare ?? none), lastError, settledBy });
  }
}

/** Whether nobody knows what became of its latest attempt. */
export function isUnknown({ status, rare }: Entry): boolean {
  return isOutcomeUnknown({ status, lastError: rare?.lastError });
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
    origin: originOf(claim),
    seq,
    status: 'in_progress',
    token: claim.token,
    fence,
    startedAt: stamp,
    leaseUntil,
    completedAt: undefined,
    expiresAt,
    keyPreview: claim.keyPreview,
    outcome: undefined,
    traceparent: claim.traceparent,
    rare: rareOfClaim(claim),
    slot: -1,
  };
}

function rareOfClaim(claim: Claim, createdAt?: number, attempt = 1): Rare | undefined {
  const { scope, fingerprint, workflow, inputDigest, inputPreview } = claim;
  const texts = scope ?? fingerprint ?? workflow ?? inputDigest ?? inputPreview;
  if (texts === undefined && createdAt === undefined) return undefined;
  const claimed = { scope, fingerprint, workflow, inputDigest, inputPreview };
  return rareOf({ ...none, ...claimed, createdAt, attempt });
}

/** A later claim of a record that is still there: the next attempt, with nothing left of the last. */
export function reclaim(entry: Entry, claim: Claim, fence: number, stamp: number): void {
  const attempt = attemptOf(entry) + (claim.settlesOnly ? 0 : 1);
  entry.rare = rareOfClaim(
    { ...claim, scope: entry.rare?.scope },
    entry.rare?.createdAt ?? entry.startedAt,
    attempt,
  );
  entry.status = 'in_progress';
  entry.token = claim.token;
  entry.fence = fence;
  entry.startedAt = stamp;
  entry.leaseUntil = stamp + claim.leaseMs;
  entry.completedAt = undefined;
  entry.expiresAt = claim.retentionMs === null ? undefined : entry.leaseUntil + claim.retentionMs;
  entry.keyPreview = claim.keyPreview;
  entry.outcome = undefined;
  entry.traceparent = claim.traceparent;
  entry.origin = originOf(claim);
}

/** A record of a slower store, as it is. */
export function copied(record: StoredRecord, until: number, time: Time): Copy {
  const local = (epoch: number | undefined) =>
    epoch === undefined ? undefined : time.fromEpoch(epoch);
  return {
    id: record.id,
    origin: originOf(record),
    seq: 0,
    status: record.status,
    token: record.token,
    fence: record.fence,
    startedAt: time.fromEpoch(record.startedAt),
    leaseUntil: time.fromEpoch(record.leaseUntil),
    completedAt: local(record.completedAt),
    expiresAt: local(record.expiresAt),
    keyPreview: record.keyPreview,
    outcome: record.outcome && pack(record.outcome),
    traceparent: record.traceparent,
    rare: rareOfRecord(record, time),
    slot: -1,
    until,
  };
}

function rareOfRecord(record: StoredRecord, time: Time): Rare | undefined {
  const { scope, fingerprint, attempt, workflow, inputDigest, inputPreview } = record;
  const { createdAt, startedAt, lastError, settledBy } = record;
  return rareOf({
    scope,
    fingerprint,
    createdAt: createdAt === startedAt ? undefined : time.fromEpoch(createdAt),
    attempt,
    workflow,
    inputDigest,
    inputPreview,
    lastError,
    settledBy,
  });
}

function attemptOf({ rare }: Entry): number {
  return rare?.attempt ?? 1;
}

export function toRecord(entry: Entry, time: Time, withOutcome = true): StoredRecord {
  const { outcome, completedAt, expiresAt, origin, rare } = entry;
  return {
    id: entry.id,
    environment: origin.environment,
    operation: origin.operation,
    run: origin.run,
    scope: rare?.scope,
    status: entry.status,
    token: entry.token,
    fence: entry.fence,
    attempt: attemptOf(entry),
    fingerprint: rare?.fingerprint,
    workflow: rare?.workflow,
    inputDigest: rare?.inputDigest,
    createdAt: time.toEpoch(rare?.createdAt ?? entry.startedAt),
    startedAt: time.toEpoch(entry.startedAt),
    leaseUntil: time.toEpoch(entry.leaseUntil),
    completedAt: completedAt === undefined ? undefined : time.toEpoch(completedAt),
    expiresAt: expiresAt === undefined ? undefined : time.toEpoch(expiresAt),
    keyPreview: entry.keyPreview,
    inputPreview: rare?.inputPreview,
    outcome: withOutcome && outcome !== undefined ? unpack(outcome) : undefined,
    outcomeBytes: outcome?.length,
    lastError: rare?.lastError && note(rare.lastError),
    settledBy: rare?.settledBy && settler(rare.settledBy),
    traceparent: entry.traceparent,
    formatVersion: origin.formatVersion,
  };
}

/** What is left of the lease; nothing of an attempt that ended as unknown. */
export function leaseLeft(entry: Entry, now: number): number {
  const left = entry.leaseUntil - now;
  return isUnknown(entry) ? Math.min(left, 0) : left;
}

export function versionOf(entry: Entry, time: Time): string {
  const { fence, status, expiresAt } = entry;
  return recordVersion({
    fence,
    status,
    expiresAt: expiresAt === undefined ? undefined : time.toEpoch(expiresAt),
  });
}

/** Whether a completed entry and an earlier record of it have the same version. */
export function isOfVersion(entry: Entry, seen: StoredRecord, time: Time): boolean {
  const { expiresAt } = entry;
  return (
    seen.status === entry.status &&
    seen.fence === entry.fence &&
    seen.expiresAt === (expiresAt === undefined ? undefined : time.toEpoch(expiresAt))
  );
}

function note(error: ErrorNote): ErrorNote {
  return { name: error.name, message: error.message };
}

function settler({ by, reason }: SettledBy): SettledBy {
  return { by, reason };
}

/** Of any bytes, without a Buffer around them. */
const { latin1Slice } = Buffer.prototype;

/** Copies: what the caller does to the bytes afterwards changes nothing here. */
export function pack(bytes: Uint8Array): string {
  return latin1Slice.call(bytes, 0, bytes.length);
}

function unpack(packed: string): Uint8Array {
  return Buffer.from(packed, 'latin1');
}
