import type { ErrorNote, SettledBy, Settlement, Store, StoreOptions } from '@twiceproof/core';
import { encodeNote } from './record-text.ts';
import { claimedRecord, decodeRecord } from './record-value.ts';
import { settleScript } from './scripts.ts';
import { pausedArgument, type StoreContext } from './store-context.ts';

const nothing = Buffer.alloc(0);

export function createComplete(context: StoreContext): Store['complete'] {
  return (id, token, { bytes, retentionMs, lastError, settledBy, traceparent }, options) => {
    const end: End = { letter: 'c', bytes, retentionMs, lastError, settledBy, traceparent };
    return settle(context, id, token, end, options);
  };
}

export function createRelease(context: StoreContext): Store['release'] {
  return (
    id,
    token,
    { error: lastError, retentionMs, unknown, settledBy, traceparent },
    options,
  ) => {
    const letter = unknown ? 'u' : 'f';
    const end: End = { letter, bytes: undefined, retentionMs, lastError, settledBy, traceparent };
    return settle(context, id, token, end, options);
  };
}

interface End {
  readonly letter: 'c' | 'f' | 'u';
  readonly bytes: Uint8Array | undefined;
  readonly retentionMs: number | null;
  readonly lastError: ErrorNote | undefined;
  readonly settledBy: SettledBy | undefined;
  readonly traceparent: string | undefined;
}

async function settle(
  { commands, clock, ownClaims, graceMs, maxRecordBytes, notify, wait }: StoreContext,
  id: string,
  token: string,
  end: End,
  options: StoreOptions | undefined,
): Promise<Settlement> {
  const { letter, bytes = nothing } = end;
  const now = clock.now();
  const retentionMs = end.retentionMs === null ? null : Math.ceil(end.retentionMs);
  const completedAt = now && Math.floor(now);
  const expiresAt = completedAt && retentionMs !== null ? completedAt + retentionMs : undefined;
  const note = encodeNote(end);
  const tokenBytes = Buffer.byteLength(token);
  const prefix = `1p0${tokenBytes};${token}|`;
  // What ends as unknown stays what its claim made it, which only the script has before it.
  const isPlain = completedAt !== undefined && letter !== 'u';
  const head = isPlain
    ? `1${letter}0${tokenBytes};${token}${completedAt};${expiresAt ?? ''};;${graceMs};;`
    : '';
  // Roughly: what is near to the limit is measured by the script.
  const room = maxRecordBytes - bytes.byteLength - 3 * note.length - head.length - 100;
  const ttl = retentionMs === null ? '' : retentionMs + graceMs;
  const beyondToken = tokenBytes - token.length;
  const noteBytes = note === '' ? 0 : Buffer.byteLength(note);
  const own = ownClaims.find(id, token);
  const args =
    `${prefix.length + beyondToken};${head === '' ? 0 : head.length + beyondToken};${noteBytes};` +
    `${graceMs};${ttl};${Math.max(0, room)};${notify};${own === undefined ? '' : own.now * 1_000};` +
    `${prefix}${head}${note}` +
    `${letter};${retentionMs ?? ''};${bytes.byteLength};${maxRecordBytes};${pausedArgument(options)};${wait};`;
  // What cannot fit is not sent; the script still says whose record it is.
  const outcome = bytes.byteLength > maxRecordBytes ? nothing : asBuffer(bytes);
  const [verdict, , told] = await commands.write(settleScript, id, [args, outcome], options);
  ownClaims.forget(token);
  switch (verdict) {
    case 4: {
      const isRemembered = told === undefined && own !== undefined;
      const claimed = isRemembered
        ? claimedRecord(own.claim, own.now)
        : decodeRecord(id, told as Buffer);
      const { lastError, settledBy, traceparent = claimed.traceparent } = end;
      return {
        status: 'done',
        record: {
          ...claimed,
          status: letter === 'c' ? 'completed' : 'failed',
          completedAt: Math.max(completedAt!, claimed.startedAt),
          expiresAt,
          outcome: end.bytes,
          outcomeBytes: end.bytes?.byteLength,
          lastError,
          settledBy,
          traceparent,
        },
      };
    }
    case 1:
      return { status: 'done', record: decodeRecord(id, told as Buffer, { outcome: end.bytes }) };
    case 2:
      return { status: 'already_done', record: decodeRecord(id, told as Buffer) };
    case 3:
      return { status: 'too_large', recordBytes: told as number, maxRecordBytes };
    default:
      return { status: 'lost' };
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
