import type { Settlement, Store, StoreOptions } from '@twiceproof/core';
import { corrupt } from './corrupt.ts';
import { type OwnClaim, type SettledStatus, settledOwn } from './own-claim.ts';
import { marginMs } from './plain-verdict.ts';
import { claimHead, decodeRecord, settledHead } from './record-format.ts';
import type { SettleRequest, Swap } from './record-requests.ts';
import { encodeNote, type Note } from './record-texts.ts';
import type { SettleAnswer, SettleVerdict } from './script.ts';
import { retentionWord, retirementWord } from './script-words.ts';
import type { StoreContext } from './store-context.ts';

const nothing = Buffer.alloc(0);

export function createComplete(context: StoreContext): Store['complete'] {
  return (id, token, outcome, options) => {
    const { bytes, retentionMs } = outcome;
    const end: End = { status: 'completed', bytes, retentionMs, note: outcome };
    return context.commands.settle(new Settling(context, id, token, end, options));
  };
}

export function createRelease(context: StoreContext): Store['release'] {
  return (id, token, { error, retentionMs, unknown, settledBy, traceparent }, options) => {
    const status = unknown ? 'unknown' : 'failed';
    const note = { lastError: error, settledBy, traceparent };
    const end: End = { status, bytes: undefined, retentionMs, note };
    return context.commands.settle(new Settling(context, id, token, end, options));
  };
}

interface End {
  readonly status: SettledStatus;
  readonly bytes: Uint8Array | undefined;
  readonly retentionMs: number | null;
  readonly note: Note;
}

class Settling implements SettleRequest {
  readonly id: string;
  readonly key: string;
  readonly before: string;
  readonly after: string;
  readonly tail: Buffer;
  readonly ttl: string | number;
  readonly options: StoreOptions | undefined;
  readonly #context: StoreContext;
  readonly #token: string;
  readonly #end: End;
  /** Where it is known what the settlement comes to. */
  readonly #own: OwnClaim | undefined;
  readonly #durationMs: number;

  constructor(
    context: StoreContext,
    id: string,
    token: string,
    end: End,
    options: StoreOptions | undefined,
  ) {
    const { commands, ownClaims, graceMs, maxRecordBytes } = context;
    const { status, bytes = nothing } = end;
    const note = encodeNote(end.note);
    const retention = retentionWord(end.retentionMs);
    const retirement = retirementWord(options);
    const own = ownClaims.of(id, token);
    const now =
      own && retirement === 'on' ? sureTime(context, own, status, note, bytes) : undefined;
    // What cannot fit is not sent; the script still says whose record it is.
    const outcome = bytes.byteLength > maxRecordBytes ? nothing : asBuffer(bytes);
    this.id = id;
    this.key = commands.keyOf(id);
    this.tail = note === '' ? outcome : Buffer.concat([Buffer.from(note), outcome]);
    this.options = options;
    this.#context = context;
    this.#token = token;
    this.#end = end;
    if (own === undefined || now === undefined) {
      this.before = '';
      this.after = settledHead(status, token, '', retention, '', note);
      this.ttl = `${bytes.byteLength};${retirement}`;
      this.#own = undefined;
      this.#durationMs = 0;
    } else {
      const durationMs = Math.max(0, now - own.now);
      const head = claimHead(own);
      this.before = head.before;
      this.after =
        settledHead(status, token, durationMs, retention, head.claimBytes, note) + head.fence;
      this.ttl = retention === '' ? '' : retention + graceMs;
      this.#own = own;
      this.#durationMs = durationMs;
    }
  }

  swap(): Swap | undefined {
    const own = this.#own;
    if (own === undefined) return undefined;
    const { before, after, tail, ttl } = this;
    const text = after + own.value.slice(before.length);
    const to = Buffer.allocUnsafe(Buffer.byteLength(text) + tail.length);
    to.set(tail, to.write(text));
    return { from: own.value, to, ttlMs: ttl === '' ? undefined : Number(ttl) };
  }

  answered(answer: SettleAnswer): Settlement {
    const { ownClaims, fault, maxRecordBytes } = this.#context;
    const { id } = this;
    const end = this.#end;
    ownClaims.forget(this.#token);
    if (answer === null) {
      const { note, retentionMs, bytes } = end;
      const record = settledOwn(this.#own!, end.status, this.#durationMs, retentionMs, note, bytes);
      return { status: 'done', record };
    }
    const [verdict, told] = answer;
    switch (String(verdict) as SettleVerdict) {
      case 'done':
        return { status: 'done', record: decodeRecord(id, told as Buffer, { outcome: end.bytes }) };
      case 'already_done':
        return { status: 'already_done', record: decodeRecord(id, told as Buffer) };
      case 'too_large':
        return { status: 'too_large', recordBytes: Number(told), maxRecordBytes };
      case 'unreadable':
        throw corrupt(id);
      case 'fault':
        throw fault(new Error(String(told)), id);
      case 'lost':
        return { status: 'lost' };
    }
  }
}

/**
 * The server's time, if the claimant knows beyond doubt what settling its record comes to: it counts and
 * fits. What ends as unknown stays what its claim made it, which only the script has before it.
 */
function sureTime(
  { clock, maxRecordBytes }: StoreContext,
  { claim, now: claimedAt, value }: OwnClaim,
  status: SettledStatus,
  note: string,
  bytes: Uint8Array,
): number | undefined {
  const now = clock.now();
  if (now === undefined || status === 'unknown') return undefined;
  const { leaseMs, retentionMs } = claim;
  const counts = retentionMs === null || claimedAt + leaseMs + retentionMs - now > marginMs;
  // Roughly: what is near to the limit is measured by the script.
  const mostBytes = 3 * (value.length + note.length) + bytes.byteLength + roomForHead;
  return counts && mostBytes <= maxRecordBytes ? Math.floor(now) : undefined;
}

const roomForHead = 100;

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
