import type {
  EncodedOutcome,
  ErrorNote,
  FailureNote,
  RecordStatus,
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
  const { bytes, retentionMs, lastError } = outcome;
  return settle(context, id, token, 'completed', options, outcome, lastError, (entry, stamp) => {
    entry.outcome = pack(bytes);
    return end(context, entry, 'completed', retentionMs, stamp, withOutcome);
  });
}

export function release(
  context: StoreContext,
  id: string,
  token: string,
  failure: FailureNote,
  options: StoreOptions | undefined,
): Settlement {
  const { error, retentionMs, unknown } = failure;
  const status = unknown ? 'in_progress' : 'failed';
  return settle(context, id, token, status, options, failure, error, (entry, stamp) =>
    unknown ? abandon(context, entry, stamp) : end(context, entry, 'failed', retentionMs, stamp),
  );
}

/** What a settlement says beside its outcome. */
interface Ending {
  readonly bytes?: Uint8Array | undefined;
  readonly settledBy?: SettledBy | undefined;
  readonly traceparent?: string | undefined;
}

/** `status` is the record's once it is settled; one in progress is, when its outcome is unknown. */
function settle(
  { table, time, maxRecordBytes }: StoreContext,
  id: string,
  token: string,
  status: RecordStatus,
  options: StoreOptions | undefined,
  { bytes, settledBy, traceparent }: Ending,
  error: ErrorNote | undefined,
  write: (entry: Entry, stamp: number) => StoredRecord,
): Settlement {
  const now = time.now();
  const entry = table.own(id, now, isPaused(options));
  if (entry?.token !== token) return { status: 'lost' };
  if (entry.status === status && (status !== 'in_progress' || isUnknown(entry))) {
    return { status: 'already_done', record: toRecord(entry, time) };
  }
  if (entry.status !== 'in_progress') return { status: 'lost' };
  const size = recordBytes(entry, bytes?.byteLength ?? 0, error, settledBy);
  if (size > maxRecordBytes) return { status: 'too_large', recordBytes: size, maxRecordBytes };
  settledWith(entry, error, settledBy);
  entry.traceparent = traceparent ?? entry.traceparent;
  return { status: 'done', record: write(entry, stampOf(now)) };
}

function end(
  { table, time, watchers }: StoreContext,
  entry: Entry,
  status: 'completed' | 'failed',
  retentionMs: number | null,
  completedAt: number,
  withOutcome = true,
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
