import type { Claim, StoredRecord } from '@twiceproof/core';
import { corrupt } from './corrupt.ts';
import { type RecordHead, readHead } from './record-head.ts';
import { decodeBody, decodeNote, encodeBody } from './record-text.ts';

/** The value of a first claim: a plain string, which is what ioredis sends fastest. */
export function encodeClaim(claim: Claim, body: string, now: number, behind: number): string {
  const { token, fingerprint, leaseMs, retentionMs } = claim;
  const fingerprintBytes = fingerprint === undefined ? '' : Buffer.byteLength(fingerprint);
  return (
    `1p0${Buffer.byteLength(token)};${token}|${millisecondsText(now)}000;1;;;` +
    `${leaseMs};${retentionMs ?? ''};${behind};${fingerprintBytes};${fingerprint ?? ''}${body}`
  );
}

let lastMs = 0;
let lastText = '0';

/** Writing out a large number costs as much as the rest of a claim; many claims share a millisecond. */
function millisecondsText(ms: number): string {
  if (ms !== lastMs) {
    lastMs = ms;
    lastText = String(ms);
  }
  return lastText;
}

/** The record that {@link encodeClaim} wrote. */
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

const statusOf = {
  p: 'in_progress',
  u: 'in_progress',
  c: 'completed',
  m: 'completed',
  f: 'failed',
} as const;

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
    workflow: work.workflow,
    inputDigest: work.inputDigest,
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
    settledBy: note?.settledBy,
    traceparent: note?.traceparent ?? work.traceparent,
    formatVersion: work.formatVersion,
  };
}
