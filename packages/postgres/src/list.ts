import {
  isIdempotencyError,
  type RecordPage,
  type RecordQuery,
  type StoredRecord,
} from '@twiceproof/core';
import { checkCount, invalidOption } from '@twiceproof/core/toolkit';
import type { Row } from './database.ts';
import { integer, optionalInteger, toRecord } from './row.ts';
import { unpacked } from './row-formats.ts';
import { list, type Position } from './sql/list.ts';
import type { StoreContext } from './store-context.ts';

const largestLimit = 1_000;
/** Looked at per statement, once the first one shows that few records match. */
const widestWindow = 5_000;
/** A narrow filter goes on through the table for so long; then the page ends where it is. */
const patienceMs = 250;

/** One page of records, newest first; with `idPrefix`, in the order of the ids. */
export async function listRecords(
  { requests, names }: StoreContext,
  query: RecordQuery,
  paused: boolean,
): Promise<RecordPage> {
  const { limit } = query;
  checkCount(limit, 'limit', largestLimit);
  const isById = query.idPrefix !== undefined;
  const endsAt = performance.now() + patienceMs;
  const records: StoredRecord[] = [];
  let after = query.cursor === undefined ? undefined : parseCursor(query.cursor, isById);
  for (let examined = limit + 1; ; examined = Math.max(examined, widestWindow)) {
    const left = limit - records.length;
    const { text, params } = list(names, { query, paused, after, examined, limit: left });
    const rows = await requests.all(text, params);
    const edge = rows[0]!;
    const found = rows.filter(({ record }) => record !== null).map(unpacked);
    records.push(...found.flatMap(readable));
    const isFull = found.length === left;
    // Behind the last record that fitted there may be more in the same window.
    if (!isFull && integer(edge, 'edge_size') < examined) return { records };
    after = isFull ? position(found.at(-1)!, '') : position(edge, 'edge_');
    if (isFull || performance.now() > endsAt) return { records, cursor: toCursor(after, isById) };
  }
}

function position(row: Row, prefix: '' | 'edge_'): Position {
  const startedAt = optionalInteger(row, `${prefix}started_at`);
  return { startedAt, id: String(row[`${prefix}id`]) };
}

/** A record that cannot be read must not hide the others; asking for it by its id says what it is. */
function readable(row: Row): StoredRecord[] {
  try {
    return [toRecord(row)];
  } catch (error) {
    if (isIdempotencyError(error, 'RECORD_CORRUPT')) return [];
    throw error;
  }
}

function toCursor({ startedAt, id }: Position, isById: boolean): string {
  return Buffer.from(JSON.stringify(isById ? [id] : [startedAt, id])).toString('base64url');
}

function parseCursor(cursor: string, isById: boolean): Position {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts) && parts.length === (isById ? 1 : 2)) {
      const [startedAt, id] = isById ? [undefined, parts[0]] : parts;
      if (typeof id === 'string' && (isById || Number.isSafeInteger(startedAt))) {
        return { startedAt: startedAt as number | undefined, id };
      }
    }
  } catch {
    // Falls through to the error that says what is wrong.
  }
  throw invalidOption('cursor is not one that list answered to this kind of query');
}
