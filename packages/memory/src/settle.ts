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
import { stampOf, type Time } from './time.ts';

/** `answer`: how what it comes to is shown. */
export function complete(
  context: StoreContext,
  id: string,
  token: string,
  outcome: EncodedOutcome,
  options: StoreOptions | undefined,
  answer: typeof shown = shown,
): Settlement {
  const { lastError } = outcome;
  return answer(context, settle(context, id, token, 'completed', outcome, lastError, options));
}

/** Without the outcome, to who looks at once. */
export function shownAtOnce({ time }: StoreContext, settled: Settled): Settlement {
  return settled.status === 'changed' ? new Done(time, settled.entry) : settled;
}

/** Makes the record for who looks at it, at once: it takes as long as all the rest, and few do. */
class Done {
  readonly status = 'done';
  readonly #time: Time;
  readonly #entry: Entry;

  constructor(time: Time, entry: Entry) {
    this.#time = time;
    this.#entry = entry;
  }

  get record(): StoredRecord {
    return toRecord(this.#entry, this.#time, false);
  }
}

export function release(
  context: StoreContext,
  id: string,
  token: string,
  failure: FailureNote,
  options: StoreOptions | undefined,
): Settlement {
  const becomes = failure.unknown ? 'unknown' : 'failed';
  return shown(context, settle(context, id, token, becomes, failure, failure.error, options));
}

/** What a settlement says beside its error. */
interface Ending {
  readonly bytes?: Uint8Array | undefined;
  readonly retentionMs: number | null;
  readonly settledBy?: SettledBy | undefined;
  readonly traceparent?: string | undefined;
}

/** What a settlement has come to, before anybody is shown the record. */
type Settled = Exclude<Settlement, { status: 'done' }> | { status: 'changed'; entry: Entry };

function shown({ time }: StoreContext, settled: Settled): Settlement {
  return settled.status === 'changed'
    ? { status: 'done', record: toRecord(settled.entry, time) }
    : settled;
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
): Settled {
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
  if (becomes === 'unknown') abandon(context, entry, stamp);
  else end(context, entry, becomes, retentionMs, stamp);
  return { status: 'changed', entry };
}

function end(
  { table, watchers }: StoreContext,
  entry: Entry,
  status: 'completed' | 'failed',
  retentionMs: number | null,
  completedAt: number,
): void {
  entry.status = status;
  entry.completedAt = completedAt;
  entry.expiresAt = retentionMs === null ? undefined : completedAt + retentionMs;
  table.changed(entry);
  watchers.wake(entry.id);
}

/** Ends the lease; the record outlives it for as long as its claim said. */
function abandon({ table, watchers }: StoreContext, entry: Entry, leaseUntil: number): void {
  if (entry.expiresAt !== undefined) entry.expiresAt += leaseUntil - entry.leaseUntil;
  entry.leaseUntil = leaseUntil;
  table.changed(entry);
  watchers.wake(entry.id);
}
