import type { Claim, StoredRecord } from '@twiceproof/core';
import { corrupt } from './corrupt.ts';
import type { OwnClaim, SettledStatus } from './own-claim.ts';
import { decodeTexts, encodeWork } from './record-texts.ts';

/**
 * How a record is laid out in a string of Redis: the readme's "Record format" says it in words, and
 * lua/record.lua reads and writes the same. From the first release on it stays as it is; the golden
 * records of the tests hold it.
 */

/** A hundred years: what the lease of a record that is kept for ever needs of a time to live. */
const foreverMs = 3_153_600_000_000;

/** How much longer than its lease the key of a record in progress lives. */
export function livesOnFor(retentionMs: number | null, graceMs: number): number {
  return (retentionMs ?? foreverMs) + graceMs;
}

/** The value of a first claim: a plain string, which is what clients send fastest. */
export function encodeClaim(claim: Claim, work: string, now: number, graceMs: number): string {
  const { token, fingerprint, leaseMs, retentionMs } = claim;
  const fingerprintBytes = fingerprint === undefined ? '' : Buffer.byteLength(fingerprint);
  return (
    `1p00${Buffer.byteLength(token)};${token}|${millisecondsText(now)}000;1;;;` +
    `${leaseMs};${retentionMs ?? ''};${graceMs};${fingerprintBytes};${fingerprint ?? ''}${work}`
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

/** What an own claim's value begins with, as far as the end of its fence, and what that is part of. */
export function claimHead({ claim, now, value }: OwnClaim): {
  readonly before: string;
  readonly fence: string;
  readonly claimBytes: number;
} {
  const { token } = claim;
  const tokenBytes = Buffer.byteLength(token);
  const fence = `${millisecondsText(now)}000;`;
  // 1p00, the token's length, a semicolon, the token, a bar.
  const bar = 5 + String(tokenBytes).length + token.length;
  const before = value.slice(0, bar + 1 + fence.length);
  const claimBytes = Buffer.byteLength(value) - (bar + 1 - token.length + tokenBytes);
  return { before, fence, claimBytes };
}

const letterOf = { completed: 'c', failed: 'f', unknown: 'u' } as const;

/** A record's beginning once it is settled, as far as the bar; what is not known is left empty. */
export function settledHead(
  status: SettledStatus,
  token: string,
  durationMs: number | '',
  retentionMs: number | '',
  claimBytes: number | '',
  note: string,
): string {
  const noteBytes = note === '' ? '' : Buffer.byteLength(note);
  return `1${letterOf[status]}00${Buffer.byteLength(token)};${token}${durationMs};${retentionMs};;;;${claimBytes};${noteBytes}|`;
}

/** A copy of another store's completed record. */
export function encodeCopy(record: StoredRecord, note: string): Buffer {
  const { fingerprint = '', outcome = new Uint8Array(0), completedAt, expiresAt } = record;
  const [createdAt, startedAt] = [Math.floor(record.createdAt), Math.floor(record.startedAt)];
  const fingerprintBytes = record.fingerprint === undefined ? '' : Buffer.byteLength(fingerprint);
  const claim =
    `${record.fence};${record.attempt};${createdAt};${startedAt};0;;0;` +
    `${fingerprintBytes};${fingerprint}${encodeWork(record)}`;
  const durationMs = completedAt && Math.max(0, Math.floor(completedAt) - startedAt);
  const keptMs = expiresAt && Math.floor(expiresAt) - startedAt - (durationMs ?? 0);
  const head =
    `1m00${Buffer.byteLength(record.token)};${record.token}${durationMs ?? ''};${keptMs ?? ''};` +
    `${Math.floor(record.leaseUntil)};;;${Buffer.byteLength(claim)};${Buffer.byteLength(note) || ''}|`;
  return Buffer.concat([Buffer.from(head + claim + note), outcome]);
}

/** What stands before a record's texts. */
export interface RecordHead {
  /** p in progress, c completed, f failed, m a copy of another store's record, t deleted, u in progress after
   * an attempt that ended as unknown. */
  readonly status: 'p' | 'c' | 'f' | 'm' | 't' | 'u';
  readonly isRenewed: boolean;
  readonly completedAt: number | undefined;
  /** Of a settled record; undefined for never. */
  readonly expiresAt: number | undefined;
  /** Of a settled record whose lease a renewal had moved. */
  readonly leaseUntil: number | undefined;
  readonly fence: number;
  readonly attempt: number;
  readonly createdAt: number;
  readonly startedAt: number;
  readonly leaseMs: number;
  readonly retentionMs: number | undefined;
  readonly hasFingerprint: boolean;
  /** Where the parts start; each ends where the next starts, but for the token's end. */
  readonly tokenAt: number;
  readonly tokenEnd: number;
  readonly fingerprintAt: number;
  readonly workAt: number;
  readonly noteAt: number;
  readonly outcomeAt: number;
}

const layout = '1'.charCodeAt(0);
const bar = '|'.charCodeAt(0);
const semicolon = ';'.charCodeAt(0);
const minus = '-'.charCodeAt(0);
const zero = '0'.charCodeAt(0);
const nine = '9'.charCodeAt(0);
const statuses = new Map(
  (['p', 'c', 'f', 'm', 't', 'u'] as const).map((status) => [status.charCodeAt(0), status]),
);

/** Undefined if the bytes are no record, or one of a layout that this version does not know. */
export function readHead(bytes: Buffer): RecordHead | undefined {
  const status = statuses.get(bytes[1]!);
  if (bytes[0] !== layout || status === undefined) return undefined;
  const fields = new FieldReader(bytes, 4);
  const tokenBytes = fields.number();
  if (tokenBytes === undefined) return undefined;
  const tokenAt = fields.at;
  fields.at += tokenBytes;
  const isSettled = status !== 'p';
  const durationMs = isSettled ? fields.number() : undefined;
  const keptMs = isSettled ? fields.number() : undefined;
  const leaseUntil = isSettled ? fields.number() : undefined;
  if (isSettled) fields.skipTwo();
  const claimBytes = isSettled ? fields.number() : undefined;
  const noteBytes = isSettled ? fields.number(bar) : fields.empty(bar);
  const claimAt = fields.at;
  const fence = fields.number();
  const attempt = fields.number();
  const createdAt = fields.number();
  const started = fields.number();
  const leaseMs = fields.number();
  const retentionMs = fields.number();
  fields.number();
  const fingerprintBytes = fields.number();
  if (fence === undefined || attempt === undefined || leaseMs === undefined) return undefined;
  if (isSettled && claimBytes === undefined) return undefined;
  const fingerprintAt = fields.at;
  const workAt = fingerprintAt + (fingerprintBytes ?? 0);
  const noteAt = claimBytes === undefined ? bytes.length : claimAt + claimBytes;
  const outcomeAt = noteAt + (noteBytes ?? 0);
  if (fields.isBroken || workAt > noteAt || outcomeAt > bytes.length) return undefined;
  const startedAt = started ?? Math.floor(fence / 1_000);
  const completedAt = durationMs === undefined ? undefined : startedAt + durationMs;
  return {
    status,
    isRenewed: bytes[2] !== zero,
    completedAt,
    expiresAt: keptMs === undefined ? undefined : (completedAt ?? startedAt) + keptMs,
    leaseUntil,
    fence,
    attempt,
    createdAt: createdAt ?? startedAt,
    startedAt,
    leaseMs,
    retentionMs,
    hasFingerprint: fingerprintBytes !== undefined,
    tokenAt,
    tokenEnd: tokenAt + tokenBytes,
    fingerprintAt,
    workAt,
    noteAt,
    outcomeAt,
  };
}

/** Reads numbers, each with the byte that ends it. */
class FieldReader {
  readonly #bytes: Buffer;
  at: number;
  isBroken = false;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** Undefined for an empty field. */
  number(end: number = semicolon): number | undefined {
    const bytes = this.#bytes;
    const isNegative = bytes[this.at] === minus;
    const from = isNegative ? this.at + 1 : this.at;
    let value = 0;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte >= zero && byte <= nine) {
        value = value * 10 + (byte - zero);
        continue;
      }
      this.at = at + 1;
      // No number that this store writes is one that a double would round.
      if (byte !== end || value > Number.MAX_SAFE_INTEGER) break;
      if (at === from) return undefined;
      return isNegative ? -value : value;
    }
    this.isBroken = true;
    return undefined;
  }

  empty(end: number): undefined {
    if (this.#bytes[this.at++] !== end) this.isBroken = true;
  }

  skipTwo(): void {
    const first = this.#bytes.indexOf(semicolon, this.at);
    const second = this.#bytes.indexOf(semicolon, first + 1);
    if (first < 0 || second < 0) this.isBroken = true;
    this.at = second + 1;
  }
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

const nothingKnown: Known = {};

/** The record of a head that was read already. */
export function decodeRest(
  id: string,
  bytes: Buffer,
  head: RecordHead,
  known: Known = nothingKnown,
): StoredRecord {
  const { status, outcomeAt, workAt, retentionMs } = head;
  const texts = decodeTexts(bytes.toString('utf8', workAt, outcomeAt), id);
  if (texts === undefined || status === 't') throw corrupt(id);
  const leaseUntil = known.leaseUntil ?? head.leaseUntil ?? head.startedAt + head.leaseMs;
  const endOfLive = retentionMs === undefined ? undefined : leaseUntil + retentionMs;
  const isCompleted = status === 'c' || status === 'm';
  const outcome = isCompleted ? (known.outcome ?? bytes.subarray(outcomeAt)) : undefined;
  const knownBytes = known.outcomeBytes;
  return {
    id,
    environment: texts.environment,
    operation: texts.operation,
    run: texts.run,
    scope: texts.scope,
    status: statusOf[status],
    token: bytes.toString('utf8', head.tokenAt, head.tokenEnd),
    fence: head.fence,
    attempt: head.attempt,
    fingerprint: head.hasFingerprint
      ? bytes.toString('utf8', head.fingerprintAt, workAt)
      : undefined,
    workflow: texts.workflow,
    inputDigest: texts.inputDigest,
    createdAt: head.createdAt,
    startedAt: head.startedAt,
    leaseUntil,
    completedAt: head.completedAt,
    expiresAt: status === 'p' ? endOfLive : head.expiresAt,
    keyPreview: texts.keyPreview,
    inputPreview: texts.inputPreview,
    outcome: knownBytes === undefined ? outcome : undefined,
    outcomeBytes: isCompleted ? (knownBytes ?? outcome?.byteLength) : undefined,
    lastError: texts.lastError,
    settledBy: texts.settledBy,
    traceparent: texts.traceparent,
    formatVersion: texts.formatVersion,
  };
}
