import {
  type EncodedOutcome,
  type FailureNote,
  isOutcomeUnknown,
  type Settlement,
  type StoredRecord,
} from '@twiceproof/core';
import { endOf } from './expiry.ts';
import { recordBytes } from './record-size.ts';

/** What a record that counts becomes at the end of an attempt: to be written where it is `done`. */
export type Settle = (record: StoredRecord | undefined, now: number) => Settlement;

export function completing(token: string, outcome: EncodedOutcome, maxRecordBytes: number): Settle {
  return settling(token, maxRecordBytes, (record, now) => ({
    ...record,
    status: 'completed',
    completedAt: now,
    expiresAt: endOf(now, outcome.retentionMs),
    outcome: outcome.bytes,
    outcomeBytes: outcome.bytes.byteLength,
    lastError: outcome.lastError,
    settledBy: outcome.settledBy,
    traceparent: outcome.traceparent ?? record.traceparent,
  }));
}

export function releasing(token: string, failure: FailureNote, maxRecordBytes: number): Settle {
  return settling(token, maxRecordBytes, (record, now) => ({
    ...record,
    ...(failure.unknown ? abandoned(record, now) : failed(failure, now)),
    lastError: failure.error,
    settledBy: failure.settledBy,
    traceparent: failure.traceparent ?? record.traceparent,
  }));
}

function settling(
  token: string,
  maxRecordBytes: number,
  end: (record: StoredRecord, now: number) => StoredRecord,
): Settle {
  return (record, now) => {
    if (record?.token !== token) return { status: 'lost' };
    const settled = end(record, now);
    const isSettled = record.status !== 'in_progress' || isOutcomeUnknown(record);
    if (isSettled && record.status === settled.status) return { status: 'already_done', record };
    if (record.status !== 'in_progress') return { status: 'lost' };
    const size = recordBytes(settled);
    if (size > maxRecordBytes) return { status: 'too_large', recordBytes: size, maxRecordBytes };
    return { status: 'done', record: settled };
  };
}

function failed({ retentionMs }: FailureNote, now: number) {
  return { status: 'failed', completedAt: now, expiresAt: endOf(now, retentionMs) } as const;
}

/** Ends the lease; the record outlives it for as long as its claim said. */
function abandoned({ expiresAt, leaseUntil }: StoredRecord, now: number) {
  const outlives = expiresAt === undefined ? undefined : expiresAt - leaseUntil;
  const kept = endOf(now, outlives ?? null);
  return { status: 'in_progress', leaseUntil: now, expiresAt: kept } as const;
}
