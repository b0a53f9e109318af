import {
  isOutcomeUnknown,
  type RecordPage,
  type RecordQuery,
  type StoredRecord,
} from '@twiceproof/core';
import { checkCount, invalidOption } from '@twiceproof/core/toolkit';
import { counts } from './expiry.ts';
import { left } from './judge.ts';

/** A record with its place in the order of the list. */
export interface Placed {
  readonly seq: number;
  /** Undefined for a record that cannot be read. */
  readonly record: StoredRecord | undefined;
}

/** Records that one page looks at: bounds what a narrow filter costs. */
export const examinedPerPage = 1_000;

/** The page of a list whose next records, newest first and at most `examinedPerPage`, were found. Its
 * cursor is the place of the last record looked at. */
export function pageOf(
  found: readonly Placed[],
  query: RecordQuery,
  now: number,
  paused: boolean,
): RecordPage {
  const records: StoredRecord[] = [];
  let seq = placeOf(query);
  for (const placed of found) {
    if (records.length === query.limit) return { records, cursor: String(seq) };
    seq = placed.seq;
    const { record } = placed;
    if (record && counts(record, now, paused) && matches(record, query, now)) records.push(record);
  }
  return found.length < examinedPerPage ? { records } : { records, cursor: String(seq) };
}

/** To be called before the request waits, so that who asks wrongly is told at once. */
export function checkQuery(query: RecordQuery): void {
  checkCount(query.limit, 'limit', 1_000);
  placeOf(query);
}

/** Records of the page are before this place. */
export function placeOf({ cursor }: RecordQuery): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  if (!/^\d{1,15}$/.test(cursor)) throw invalidOption('cursor is not one that list answered');
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
