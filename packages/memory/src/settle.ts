import type {
  EncodedOutcome,
  ErrorNote,
  FailureNote,
  SettledBy,
  Settlement,
  StoredRecord,
  StoreOptions,
} from '@twiceproof/core';
import { type Entry, isUnknown, pack, settledWith, toRecord } from './entry.ts';
import { recordBytes } from './record-size.ts';
import { isPaused, type StoreContext } from './store-context.ts';
import { stampOf } from './time.ts';

/** `withOutcome`: whether the record that it answers has the outcome in it. */
export function complete(
  context: StoreContext,
  id: string,
  token: string,
  outcome: EncodedOutcome,
  options: StoreOptions | undefined,
  withOutcome = true,
): Settlement {
  return settle(context, id, token, 'completed', outcome, outcome.lastError, options, withOutcome);
}

export function release(
  context: StoreContext,
  id: string,
  token: string,
  failure: FailureNote,
  options: StoreOptions | undefined,
): Settlement {
  const becomes = failure.unknown ? 'unknown' : 'failed';
  return settle(context, id, token, becomes, failure, failure.error, options, true);
}

/** What a settlement says beside its error. */
interface Ending {
  readonly bytes?: Uint8Array | undefined;
  readonly retentionMs: number | null;
  readonly settledBy?: SettledBy | undefined;
  readonly traceparent?: string | undefined;
}

/** A record whose outcome is unknown stays in progress. */
function settle(
  context: StoreContext,
  id: string,
  token: string,
  becomes: 'completed' | 'failed' | 'unknown',
  { bytes, retentionMs, settledBy, traceparent }: Ending,
  error: ErrorNote | undefined,
  options: StoreOptions | undefined,
  withOutcome: boolean,
): Settlement {
  const { table, time, maxRecordBytes } = context;
  const now = time.now();
  const entry = table.own(id, now, isPaused(options));
  if (entry?.token !== token) return { status: 'lost' };
  if (becomes === 'unknown' ? isUnknown(entry) : entry.status === becomes) {
    return { status: 'already_done', record: toRecord(entry, time) };
  }
  if (entry.status !== 'in_progress') return { status: 'lost' };
  const size = recordBytes(entry, bytes?.byteLength ?? 0, error, settledBy);
  if (size > maxRecordBytes) return { status: 'too_large', recordBytes: size, maxRecordBytes };
  settledWith(entry, error, settledBy);
  entry.traceparent = traceparent ?? entry.traceparent;
  if (bytes !== undefined) entry.outcome = pack(bytes);
  const stamp = stampOf(now);
  const record =
    becomes === 'unknown'
      ? abandon(context, entry, stamp)
      : end(context, entry, becomes, retentionMs, stamp, withOutcome);
  return { status: 'done', record };
}

function end(
  { table, time, watchers }: StoreContext,
  entry: Entry,
  status: 'completed' | 'failed',
  retentionMs: number | null,
  completedAt: number,
  withOutcome: boolean,
): StoredRecord {
  entry.status = status;
  entry.completedAt = completedAt;
  entry.expiresAt = retentionMs === null ? undefined : completedAt + retentionMs;
  table.changed(entry);
  watchers.wake(entry.id);
  return toRecord(entry, time, withOutcome);
}

/** Ends the lease; the record outlives it for as long as its claim said. */
function abandon(
  { table, time, watchers }: StoreContext,
  entry: Entry,
  leaseUntil: number,
): StoredRecord {
  if (entry.expiresAt !== undefined) entry.expiresAt += leaseUntil - entry.leaseUntil;
  entry.leaseUntil = leaseUntil;
  table.changed(entry);
  watchers.wake(entry.id);
  return toRecord(entry, time);
}
