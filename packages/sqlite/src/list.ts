import {
  isOutcomeUnknown,
  type RecordPage,
  type RecordQuery,
  type StoredRecord,
} from '@twiceproof/core';
import { left } from './acquire.ts';
import { counts } from './expiry.ts';
import { invalid } from './options.ts';
import type { Table } from './table.ts';

/** Records that one page looks at: bounds how long a narrow filter holds the event loop. */
const examinedPerPage = 1_000;

/** Newest first; the cursor is the place of the last record looked at, which nothing ever moves. */
export function list(table: Table, query: RecordQuery, now: number, paused: boolean): RecordPage {
  const records: StoredRecord[] = [];
  let seq = parseCursor(query.cursor);
  const found = table.before(seq, examinedPerPage);
  for (const placed of found) {
    if (records.length === query.limit) return { records, cursor: String(seq) };
    seq = placed.seq;
    const { record } = placed;
    if (record && counts(record, now, paused) && matches(record, query, now)) records.push(record);
  }
  return found.length < examinedPerPage ? { records } : { records, cursor: String(seq) };
}

/** To be called before the request waits, so that who asks wrongly is told at once. */
export function checkQuery({ limit, cursor }: RecordQuery): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) {
    throw invalid(`limit is ${String(limit)}; give a whole number from 1 to 1000`);
  }
  parseCursor(cursor);
}

function parseCursor(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  if (!/^\d{1,15}$/.test(cursor)) throw invalid('cursor is not one that list answered');
  return Number(cursor);
}

function matches(record: StoredRecord, query: RecordQuery, now: number): boolean {
  const isStuck = record.status === 'in_progress' && left(record, now) <= 0;
  return (
    same(record, query) &&
    (!(query.stuck || query.held) || isStuck) &&
    (!query.unknown || isOutcomeUnknown(record)) &&
    (!query.held || record.expiresAt === undefined) &&
    (query.idPrefix === undefined || record.id.startsWith(query.idPrefix)) &&
    (query.text === undefined || holds(record.keyPreview, query.text)) &&
    (query.startedBefore === undefined || record.startedAt < query.startedBefore) &&
    (query.startedAfter === undefined || record.startedAt >= query.startedAfter)
  );
}

const exact = ['environment', 'operation', 'run', 'scope', 'status', 'workflow'] as const;

function same(record: StoredRecord, query: RecordQuery): boolean {
  return exact.every((name) => query[name] === undefined || record[name] === query[name]);
}

function holds(preview: string | undefined, text: string): boolean {
  return preview?.toLowerCase().includes(text.toLowerCase()) === true;
}
