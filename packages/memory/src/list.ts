import type { OperationStats, RecordPage, RecordQuery, StoredRecord } from '@twiceproof/core';
import { checkCount, invalidOption } from '@twiceproof/core/toolkit';
import { type Entry, isUnknown, leaseLeft, toRecord } from './entry.ts';
import type { StoreContext } from './store-context.ts';
import { counts } from './table.ts';
import type { Time } from './time.ts';

/** Records that one page looks at: bounds how long a narrow filter holds the event loop. */
const examinedPerPage = 10_000;

const none = { in_progress: 0, completed: 0, failed: 0, stuck: 0, held: 0, unknown: 0 };

/** Counts by operation, pausing now and then so that other work goes on meanwhile. */
export async function stats(
  { table, time }: StoreContext,
  query: RecordQuery,
  paused: boolean,
): Promise<readonly OperationStats[]> {
  const now = time.now();
  const matches = matcher(query, time, now);
  const found = new Map<string, OperationStats>();
  let examined = 0;
  for (const entry of table.before(Number.POSITIVE_INFINITY)) {
    examined += 1;
    if (examined % examinedPerPage === 0) await new Promise((resolve) => setImmediate(resolve));
    if (!counts(entry, now, paused) || !matches(entry)) continue;
    const { origin, status } = entry;
    const { operation } = origin;
    const before = found.get(operation) ?? { operation, ...none };
    const isStuck = status === 'in_progress' && leaseLeft(entry, now) <= 0;
    found.set(operation, {
      ...before,
      [status]: before[status] + 1,
      stuck: before.stuck + Number(isStuck),
      held: before.held + Number(isStuck && entry.expiresAt === undefined),
      unknown: before.unknown + Number(isUnknown(entry)),
    });
  }
  return [...found.values()].sort((a, b) => (a.operation < b.operation ? -1 : 1));
}

/** Newest first; the cursor is the place of the last record looked at, which nothing ever moves. */
export function list(
  { table, time }: StoreContext,
  query: RecordQuery,
  paused: boolean,
): RecordPage {
  checkCount(query.limit, 'limit', 1_000);
  const now = time.now();
  const matches = matcher(query, time, now);
  const records: StoredRecord[] = [];
  let examined = 0;
  let seq = parseCursor(query.cursor);
  for (const entry of table.before(seq)) {
    if (records.length === query.limit || examined === examinedPerPage) {
      return { records, cursor: String(seq) };
    }
    seq = entry.seq;
    examined += 1;
    if (counts(entry, now, paused) && matches(entry)) records.push(toRecord(entry, time, false));
  }
  return { records };
}

function parseCursor(cursor: string | undefined): number {
  if (cursor === undefined) return Number.POSITIVE_INFINITY;
  if (!/^\d{1,15}$/.test(cursor)) throw invalidOption('cursor is not one that list answered');
  return Number(cursor);
}

function matcher(query: RecordQuery, time: Time, now: number): (entry: Entry) => boolean {
  const { environment, operation, run, scope, status, idPrefix, workflow } = query;
  const { stuck, held, unknown } = query;
  const text = query.text?.toLowerCase();
  const { startedBefore, startedAfter } = query;
  const before = startedBefore === undefined ? undefined : time.fromEpoch(startedBefore);
  const after = startedAfter === undefined ? undefined : time.fromEpoch(startedAfter);
  return (entry) =>
    (environment === undefined || entry.origin.environment === environment) &&
    (operation === undefined || entry.origin.operation === operation) &&
    (run === undefined || entry.origin.run === run) &&
    (scope === undefined || entry.rare?.scope === scope) &&
    (status === undefined || entry.status === status) &&
    (workflow === undefined || entry.rare?.workflow === workflow) &&
    (!(stuck || held) || (entry.status === 'in_progress' && leaseLeft(entry, now) <= 0)) &&
    (!unknown || isUnknown(entry)) &&
    (!held || entry.expiresAt === undefined) &&
    (idPrefix === undefined || entry.id.startsWith(idPrefix)) &&
    (text === undefined || entry.keyPreview?.toLowerCase().includes(text) === true) &&
    (before === undefined || entry.startedAt < before) &&
    (after === undefined || entry.startedAt >= after);
}
