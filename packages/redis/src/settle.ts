import type { Settlement, Store, StoreOptions } from '@idemkit/core';
import type { ScriptArgument } from './client.ts';
import { encodeNote } from './record-text.ts';
import { decodeRecord, ownedPrefix } from './record-value.ts';
import type { ScriptAnswer } from './script.ts';
import { completeScript, releaseScript } from './scripts.ts';
import { pausedArgument, retentionArgument, type StoreContext } from './store-context.ts';

const nothing = Buffer.alloc(0);

export function createComplete(context: StoreContext): Store['complete'] {
  const { maxRecordBytes } = context;
  return async (id, token, { bytes, retentionMs, lastError, traceparent }, options) => {
    // What cannot fit is not sent; the script still says whose record it is.
    const outcome = bytes.byteLength > maxRecordBytes ? nothing : asBuffer(bytes);
    const note = encodeNote(traceparent, lastError);
    const rest = settleArguments(context, { token, retentionMs, note, outcome, bytes }, options);
    const answer = await context.commands.write(completeScript, id, rest, options);
    return settlement(id, answer, maxRecordBytes, bytes);
  };
}

export function createRelease(context: StoreContext): Store['release'] {
  return async (id, token, { error, retentionMs, traceparent }, options) => {
    const note = encodeNote(traceparent, error);
    const end = { token, retentionMs, note, outcome: nothing, bytes: nothing };
    const rest = settleArguments(context, end, options);
    const answer = await context.commands.write(releaseScript, id, rest, options);
    return settlement(id, answer, context.maxRecordBytes, undefined);
  };
}

function settleArguments(
  { clock, graceMs, maxRecordBytes, notify, wait }: StoreContext,
  end: {
    readonly token: string;
    readonly retentionMs: number | null;
    readonly note: string;
    readonly outcome: Buffer;
    readonly bytes: Uint8Array;
  },
  options: StoreOptions | undefined,
): ScriptArgument[] {
  const now = clock.now();
  return [
    ownedPrefix(end.token),
    end.token,
    retentionArgument(end.retentionMs),
    graceMs,
    now === undefined ? '' : Math.floor(now),
    end.note,
    end.outcome,
    end.bytes.byteLength,
    maxRecordBytes,
    notify,
    pausedArgument(options),
    wait,
  ];
}

function settlement(
  id: string,
  [verdict, , told]: ScriptAnswer,
  maxRecordBytes: number,
  outcome: Uint8Array | undefined,
): Settlement {
  if (verdict === 1) {
    return { status: 'done', record: decodeRecord(id, told as Buffer, { outcome }) };
  }
  if (verdict === 2) return { status: 'already_done', record: decodeRecord(id, told as Buffer) };
  if (verdict === 3) return { status: 'too_large', recordBytes: told as number, maxRecordBytes };
  return { status: 'lost' };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
