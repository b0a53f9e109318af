import type { Settlement, Store, StoredRecord } from '@idemkit/core';
import { encodeNote } from './record-text.ts';
import { decodeRecord } from './record-value.ts';
import type { ScriptAnswer } from './script.ts';
import { completeScript, releaseScript } from './scripts.ts';
import { pausedArgument, retentionArgument, type StoreContext } from './store-context.ts';

const nothing = Buffer.alloc(0);

export function createComplete(context: StoreContext): Store['complete'] {
  const { commands, graceMs, maxRecordBytes, notify, wait } = context;
  return async (id, token, { bytes, retentionMs, lastError, traceparent }, options) => {
    // What cannot fit is not sent; the script still says whose record it is.
    const sent = bytes.byteLength > maxRecordBytes ? nothing : asBuffer(bytes);
    const answer = await commands.write(
      completeScript,
      id,
      [
        token,
        retentionArgument(retentionMs),
        graceMs,
        encodeNote(traceparent, lastError),
        sent,
        bytes.byteLength,
        maxRecordBytes,
        notify,
        pausedArgument(options),
        wait,
      ],
      options,
    );
    return settlement(id, answer, maxRecordBytes, bytes);
  };
}

export function createRelease(context: StoreContext): Store['release'] {
  const { commands, graceMs, maxRecordBytes, notify, wait } = context;
  return async (id, token, { error, retentionMs, traceparent }, options) => {
    const answer = await commands.write(
      releaseScript,
      id,
      [
        token,
        retentionArgument(retentionMs),
        graceMs,
        encodeNote(traceparent, error),
        maxRecordBytes,
        notify,
        pausedArgument(options),
        wait,
      ],
      options,
    );
    return settlement(id, answer, maxRecordBytes, undefined);
  };
}

function settlement(
  id: string,
  [verdict, , told, value]: ScriptAnswer,
  maxRecordBytes: number,
  outcome: Uint8Array | undefined,
): Settlement {
  const leaseUntil = told as number;
  const record = (own: Uint8Array | undefined): StoredRecord =>
    decodeRecord(id, value as Buffer, { leaseUntil, outcome: own });
  if (verdict === 1) return { status: 'done', record: record(outcome) };
  if (verdict === 2) return { status: 'already_done', record: record(undefined) };
  if (verdict === 3) return { status: 'too_large', recordBytes: told as number, maxRecordBytes };
  return { status: 'lost' };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
