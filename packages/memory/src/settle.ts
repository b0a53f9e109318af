import type {
  EncodedOutcome,
  FailureNote,
  Settlement,
  StoredRecord,
  StoreOptions,
} from '@twiceproof/core';
import { type Entry, note, pack, toRecord } from './entry.ts';
import { recordBytes } from './record-size.ts';
import { isPaused, type State } from './state.ts';

export function complete(
  state: State,
  id: string,
  token: string,
  outcome: EncodedOutcome,
  options: StoreOptions | undefined,
): Settlement {
  const { maxRecordBytes } = state;
  return settle(state, id, token, 'completed', options, (entry) => {
    const size = recordBytes(entry, outcome.bytes.byteLength, outcome.lastError);
    if (size > maxRecordBytes) return { status: 'too_large', recordBytes: size, maxRecordBytes };
    entry.outcome = pack(outcome.bytes);
    entry.lastError = outcome.lastError && note(outcome.lastError);
    entry.traceparent = outcome.traceparent ?? entry.traceparent;
    return { status: 'done', record: end(state, entry, 'completed', outcome.retentionMs) };
  });
}

export function release(
  state: State,
  id: string,
  token: string,
  failure: FailureNote,
  options: StoreOptions | undefined,
): Settlement {
  const { maxRecordBytes } = state;
  return settle(state, id, token, 'failed', options, (entry) => {
    const size = recordBytes(entry, 0, failure.error);
    if (size > maxRecordBytes) return { status: 'too_large', recordBytes: size, maxRecordBytes };
    entry.lastError = note(failure.error);
    entry.traceparent = failure.traceparent ?? entry.traceparent;
    return { status: 'done', record: end(state, entry, 'failed', failure.retentionMs) };
  });
}

function settle(
  { table, time }: State,
  id: string,
  token: string,
  status: 'completed' | 'failed',
  options: StoreOptions | undefined,
  write: (entry: Entry) => Settlement,
): Settlement {
  const entry = table.own(id, time.now(), isPaused(options));
  if (entry?.token !== token) return { status: 'lost' };
  if (entry.status === status) return { status: 'already_done', record: toRecord(entry, time) };
  return entry.status === 'in_progress' ? write(entry) : { status: 'lost' };
}

function end(
  { table, time, watchers }: State,
  entry: Entry,
  status: 'completed' | 'failed',
  retentionMs: number | null,
): StoredRecord {
  const completedAt = time.stamp();
  entry.status = status;
  entry.completedAt = completedAt;
  entry.expiresAt = retentionMs === null ? undefined : completedAt + retentionMs;
  table.changed(entry);
  watchers.wake(entry.id);
  return toRecord(entry, time);
}
