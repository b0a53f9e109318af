import type { Claim, StoredRecord } from '@idemkit/core';
import { corrupt } from './corrupt.ts';
import { type RecordHeader, readHeader, writeHeader } from './record-header.ts';
import { decodeBody, decodeNote, encodeBody } from './record-text.ts';

/** The value of a first claim: a plain string, which is what ioredis sends fastest. */
export function encodeClaim(
  claim: Claim,
  body: string,
  clock: { readonly fence: number; readonly now: number },
  behind: number,
): string {
  const { token, fingerprint } = claim;
  const header = writeHeader(
    {
      status: 'p',
      fence: clock.fence,
      attempt: 1,
      createdAt: clock.now,
      startedAt: clock.now,
      lease: claim.leaseMs,
      completedAt: undefined,
      expires: claim.retentionMs ?? undefined,
      behind,
      tokenBytes: Buffer.byteLength(token),
      fingerprintBytes: fingerprint === undefined ? undefined : Buffer.byteLength(fingerprint),
    },
    '',
    '',
  );
  return header + token + (fingerprint ?? '') + body;
}

/** The record that {@link encodeClaim} wrote. */
export function claimedRecord(
  claim: Claim,
  clock: { readonly fence: number; readonly now: number },
): StoredRecord {
  const leaseUntil = clock.now + claim.leaseMs;
  return {
    id: claim.id,
    environment: claim.environment,
    operation: claim.operation,
    run: claim.run,
    scope: claim.scope,
    status: 'in_progress',
    token: claim.token,
    fence: clock.fence,
    attempt: 1,
    fingerprint: claim.fingerprint,
    createdAt: clock.now,
    startedAt: clock.now,
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
  const token = Buffer.from(record.token);
  const fingerprint = Buffer.from(record.fingerprint ?? '');
  const body = Buffer.from(encodeBody(record));
  const noteBytes = Buffer.from(note);
  const header = writeHeader(
    {
      status: 'm',
      fence: record.fence,
      attempt: record.attempt,
      createdAt: Math.floor(record.createdAt),
      startedAt: Math.floor(record.startedAt),
      lease: Math.floor(record.leaseUntil),
      completedAt: record.completedAt === undefined ? undefined : Math.floor(record.completedAt),
      expires: record.expiresAt === undefined ? undefined : Math.floor(record.expiresAt),
      behind: 0,
      tokenBytes: token.length,
      fingerprintBytes: record.fingerprint === undefined ? undefined : fingerprint.length,
    },
    body.length,
    noteBytes.length,
  );
  const outcome = record.outcome ?? new Uint8Array(0);
  return Buffer.concat([Buffer.from(header), token, fingerprint, body, noteBytes, outcome]);
}

/** What a script knows of a record beside its bytes. */
export interface Known {
  /** Of a record in progress, which a renewal may have moved. */
  readonly leaseUntil?: number | undefined;
  /** Where the bytes do not hold it. */
  readonly outcome?: Uint8Array | undefined;
  readonly outcomeBytes?: number | undefined;
}

const statusOf = { p: 'in_progress', c: 'completed', m: 'completed', f: 'failed' } as const;

export function decodeRecord(id: string, bytes: Buffer, known: Known = {}): StoredRecord {
  const header = readHeader(bytes);
  if (header === undefined) throw corrupt(id);
  return decodeRest(id, bytes, header, known);
}

/** Throws `RECORD_CORRUPT` where the bytes are not what the header says. */
export function decodeRest(
  id: string,
  bytes: Buffer,
  header: RecordHeader,
  known: Known,
): StoredRecord {
  const { status, tokenAt, tokenBytes, fingerprintBytes, bodyAt, noteAt, outcomeAt } = header;
  const work = decodeBody(bytes.toString('utf8', bodyAt, noteAt));
  const note =
    noteAt === outcomeAt ? undefined : decodeNote(bytes.toString('utf8', noteAt, outcomeAt));
  if (work === undefined || status === 't') throw corrupt(id);
  if (note === undefined && noteAt !== outcomeAt) throw corrupt(id);
  const isLive = status === 'p';
  const leaseUntil = isLive ? (known.leaseUntil ?? header.startedAt + header.lease) : header.lease;
  const { expires } = header;
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
    token: bytes.toString('utf8', tokenAt, tokenAt + tokenBytes),
    fence: header.fence,
    attempt: header.attempt,
    fingerprint:
      fingerprintBytes === undefined
        ? undefined
        : bytes.toString('utf8', tokenAt + tokenBytes, bodyAt),
    createdAt: header.createdAt,
    startedAt: header.startedAt,
    leaseUntil,
    completedAt: header.completedAt,
    expiresAt: isLive && expires !== undefined ? leaseUntil + expires : expires,
    keyPreview: work.keyPreview,
    inputPreview: work.inputPreview,
    outcome: knownBytes === undefined ? outcome : undefined,
    outcomeBytes: isCompleted ? (knownBytes ?? outcome?.byteLength) : undefined,
    lastError: note?.lastError,
    traceparent: note?.traceparent ?? work.traceparent,
    formatVersion: work.formatVersion,
  };
}
