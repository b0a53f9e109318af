import type { Claim, StoredRecord } from '@idemkit/core';
import { corrupt } from './corrupt.ts';
import { type RecordHead, readHead } from './record-head.ts';
import { decodeBody, decodeNote, encodeBody } from './record-text.ts';

/** When a claim was made, and its fence: both of what the client takes the server's clock to be. */
export interface Stamp {
  readonly now: number;
  readonly fence: number;
}

/** What the value of a record in progress with this token begins with, if it was never renewed. */
export function ownedPrefix(token: string): string {
  return `1p0${Buffer.byteLength(token)};${token}|`;
}

/** What it begins with once it is settled, up to the number of bytes of the claim. */
export function settledPrefix(
  letter: 'c' | 'f',
  token: string,
  end: { completedAt: number; expiresAt: number | undefined; graceMs: number },
): string {
  const { completedAt, expiresAt, graceMs } = end;
  return `1${letter}0${Buffer.byteLength(token)};${token}${completedAt};${expiresAt ?? ''};;${graceMs};;`;
}

/** The value of a first claim: a plain string, which is what ioredis sends fastest. */
export function encodeClaim(
  claim: Claim,
  body: string,
  { now, fence }: Stamp,
  behind: number,
): string {
  const { token, fingerprint, leaseMs, retentionMs } = claim;
  const fingerprintBytes = fingerprint === undefined ? '' : Buffer.byteLength(fingerprint);
  return (
    `${ownedPrefix(token)}${fence};1;${now};${now};${leaseMs};${retentionMs ?? ''};${behind};` +
    `${fingerprintBytes};${fingerprint ?? ''}${body}`
  );
}

/** The record that {@link encodeClaim} wrote. */
export function claimedRecord(claim: Claim, { now, fence }: Stamp): StoredRecord {
  const leaseUntil = now + claim.leaseMs;
  return {
    id: claim.id,
    environment: claim.environment,
    operation: claim.operation,
    run: claim.run,
    scope: claim.scope,
    status: 'in_progress',
    token: claim.token,
    fence,
    attempt: 1,
    fingerprint: claim.fingerprint,
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
    traceparent: claim.traceparent,
    formatVersion: claim.formatVersion,
  };
}

/** A copy of another store's completed record. */
export function encodeCopy(record: StoredRecord, note: string): Buffer {
  const { fingerprint = '', outcome = new Uint8Array(0) } = record;
  const whole = (ms: number | undefined) => (ms === undefined ? '' : Math.floor(ms));
  const fingerprintBytes = record.fingerprint === undefined ? '' : Buffer.byteLength(fingerprint);
  const claim =
    `${record.fence};${record.attempt};${whole(record.createdAt)};${whole(record.startedAt)};0;;0;` +
    `${fingerprintBytes};${fingerprint}${encodeBody(record)}`;
  const head =
    `1m0${Buffer.byteLength(record.token)};${record.token}${whole(record.completedAt)};` +
    `${whole(record.expiresAt)};${whole(record.leaseUntil)};0;;` +
    `${Buffer.byteLength(claim)};${Buffer.byteLength(note)}|`;
  return Buffer.concat([Buffer.from(head + claim + note), outcome]);
}

/** What is known of a record beside its bytes. */
export interface Known {
  /** Of a record in progress, which a renewal may have moved. */
  readonly leaseUntil?: number | undefined;
  /** Where the bytes do not hold it. */
  readonly outcome?: Uint8Array | undefined;
  readonly outcomeBytes?: number | undefined;
}

const statusOf = { p: 'in_progress', c: 'completed', m: 'completed', f: 'failed' } as const;

/** Throws `RECORD_CORRUPT` for bytes that are no record. */
export function decodeRecord(id: string, bytes: Buffer, known: Known = {}): StoredRecord {
  const head = readHead(bytes);
  if (head === undefined) throw corrupt(id);
  return decodeRest(id, bytes, head, known);
}

/** The record of a head that was read already. */
export function decodeRest(
  id: string,
  bytes: Buffer,
  head: RecordHead,
  known: Known = {},
): StoredRecord {
  const { status, noteAt, outcomeAt, bodyAt } = head;
  const work = decodeBody(bytes.toString('utf8', bodyAt, noteAt));
  const hasNote = noteAt !== outcomeAt;
  const note = hasNote ? decodeNote(bytes.toString('utf8', noteAt, outcomeAt)) : undefined;
  if (work === undefined || status === 't' || (hasNote && note === undefined)) throw corrupt(id);
  const isLive = status === 'p';
  const leaseUntil = known.leaseUntil ?? head.leaseUntil ?? head.startedAt + head.leaseMs;
  const { retentionMs } = head;
  const endOfLive = retentionMs === undefined ? undefined : leaseUntil + retentionMs;
  const isCompleted = status === 'c' || status === 'm';
  const outcome = isCompleted ? (known.outcome ?? bytes.subarray(outcomeAt)) : undefined;
  const knownBytes = known.outcomeBytes;
  return {
    id,
    environment: work.environment,
    operation: work.operation,
    run: work.run,
    scope: work.scope,
    status: statusOf[status],
    token: bytes.toString('utf8', head.tokenAt, head.tokenEnd),
    fence: head.fence,
    attempt: head.attempt,
    fingerprint: head.hasFingerprint
      ? bytes.toString('utf8', head.fingerprintAt, bodyAt)
      : undefined,
    createdAt: head.createdAt,
    startedAt: head.startedAt,
    leaseUntil,
    completedAt: head.completedAt && Math.max(head.completedAt, head.startedAt),
    expiresAt: isLive ? endOfLive : head.expiresAt,
    keyPreview: work.keyPreview,
    inputPreview: work.inputPreview,
    outcome: knownBytes === undefined ? outcome : undefined,
    outcomeBytes: isCompleted ? (knownBytes ?? outcome?.byteLength) : undefined,
    lastError: note?.lastError,
    traceparent: note?.traceparent ?? work.traceparent,
    formatVersion: work.formatVersion,
  };
}
