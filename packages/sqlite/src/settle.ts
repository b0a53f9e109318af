import {
  type EncodedOutcome,
  type FailureNote,
  isOutcomeUnknown,
  type Settlement,
  type StoredRecord,
} from '@twiceproof/core';
import { counts, endOf } from './expiry.ts';
import { recordBytes } from './record-size.ts';
import type { Table } from './table.ts';

/** Whose record is settled, and when. */
export interface Owner {
  readonly id: string;
  readonly token: string;
  readonly now: number;
  readonly paused: boolean;
}

export function complete(
  table: Table,
  owner: Owner,
  outcome: EncodedOutcome,
  maxRecordBytes: number,
): Settlement {
  return settle(table, owner, maxRecordBytes, (record) => ({
    ...record,
    status: 'completed',
    completedAt: owner.now,
    expiresAt: endOf(owner.now, outcome.retentionMs),
    outcome: outcome.bytes,
    outcomeBytes: outcome.bytes.byteLength,
    lastError: outcome.lastError,
    settledBy: outcome.settledBy,
    traceparent: outcome.traceparent ?? record.traceparent,
  }));
}

export function release(
  table: Table,
  owner: Owner,
  failure: FailureNote,
  maxRecordBytes: number,
): Settlement {
  return settle(table, owner, maxRecordBytes, (record) => ({
    ...record,
    ...(failure.unknown ? abandoned(record, owner.now) : failed(failure, owner.now)),
    lastError: failure.error,
    settledBy: failure.settledBy,
    traceparent: failure.traceparent ?? record.traceparent,
  }));
}

function settle(
  table: Table,
  { id, token, now, paused }: Owner,
  maxRecordBytes: number,
  end: (record: StoredRecord) => StoredRecord,
): Settlement {
  const record = table.read(id);
  if (record?.token !== token || !counts(record, now, paused)) return { status: 'lost' };
  const settled = end(record);
  const isSettled = record.status !== 'in_progress' || isOutcomeUnknown(record);
  if (isSettled && record.status === settled.status) return { status: 'already_done', record };
  if (record.status !== 'in_progress') return { status: 'lost' };
  const size = recordBytes(settled);
  if (size > maxRecordBytes) return { status: 'too_large', recordBytes: size, maxRecordBytes };
  table.change(settled);
  return { status: 'done', record: settled };
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
