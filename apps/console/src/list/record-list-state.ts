import { type Signal, signal } from '@preact/signals';
import type { IdempotencyRecord } from '@twiceproof/core';
import { type Fault, faultOf, isAborted } from '../connection/fault.ts';
import { ask, type Params } from '../connection/request.ts';
import type { RecordsPage, ShownRecord } from '../wire.ts';

/** One line of the list. It keeps its place, whatever becomes of its record. */
export interface Row {
  readonly record: IdempotencyRecord;
  /** Page that it came with. */
  readonly page: number;
  /** Deleted or expired since. */
  readonly isGone: boolean;
}

export interface RecordList {
  readonly rows: Signal<readonly Row[]>;
  /** `looking`: a page is being asked for. `resting`: there may be more. */
  readonly phase: Signal<'looking' | 'resting' | 'complete'>;
  readonly fault: Signal<Fault | undefined>;
  /** Records that came into being after the list was made, and are not in it. */
  readonly arrived: Signal<number>;
  /** Goes on where the list ends. */
  more(): Promise<void>;
  /** Brings the rows from `first` to `last` up to date. Answers whether anything changed. */
  refresh(first: number, last: number, signal: AbortSignal): Promise<boolean>;
  /** Puts a newer state of a record in its place. */
  put(record: IdempotencyRecord): void;
  end(): void;
}

const pageSize = 100;
/** A narrow filter may need many pages until one has a match; so many are asked for in a row. */
const patientRequests = 40;
const wantedRows = 60;
const mostMissing = 40;
/** A page that takes longer has many records to look at, and few that match. */
const cheapPageMs = 150;
/** So rarely is the first page asked for again where that is not cheap. */
const arrivalsEvery = 5;

/** The records of a filter, page by page; `find` is what may be a whole key or record id. */
export function createRecordList(params: Params, find: string | undefined): RecordList {
  const ending = new AbortController();
  const rows = signal<readonly Row[]>([]);
  const phase = signal<'looking' | 'resting' | 'complete'>('resting');
  const fault = signal<Fault | undefined>(undefined);
  const arrived = signal(0);
  const pages: { readonly cursor: string | undefined; ms: number }[] = [];
  const places = new Map<string, number>();
  const newIds = new Set<string>();
  let next: string | undefined;

  let refreshed = 0;

  const askPage = async (number: number, signal = ending.signal) => {
    const { cursor } = pages[number]!;
    const start = performance.now();
    const query = { ...params, limit: String(pageSize), cursor };
    const answer = await ask<RecordsPage>('records', query, signal);
    pages[number]!.ms = performance.now() - start;
    return answer;
  };

  const append = (records: readonly IdempotencyRecord[], pageNumber: number) => {
    const added = [...rows.peek()];
    for (const record of records) {
      // Some stores answer a record twice.
      if (places.has(record.id)) continue;
      places.set(record.id, added.length);
      newIds.delete(record.id);
      added.push({ record, page: pageNumber, isGone: false });
    }
    rows.value = added;
  };

  const more = async () => {
    if (phase.peek() !== 'resting') return;
    phase.value = 'looking';
    fault.value = undefined;
    const wanted = rows.peek().length + wantedRows;
    try {
      if (find !== undefined && pages.length === 0) {
        const { records } = await ask<RecordsPage>(
          'find',
          { ...params, text: find },
          ending.signal,
        );
        append(records, 0);
      }
      for (let asked = 0; asked < patientRequests && rows.peek().length < wanted; asked += 1) {
        const number = pages.length;
        pages.push({ cursor: next, ms: 0 });
        const answer = await askPage(number).catch((error: unknown) => {
          pages.pop();
          throw error;
        });
        const isAll = number === 0 && answer.cursor === undefined;
        append(isAll ? newestFirst(answer.records) : answer.records, number);
        next = answer.cursor;
        if (next === undefined) break;
      }
      phase.value = next === undefined && pages.length > 0 ? 'complete' : 'resting';
    } catch (error) {
      if (isAborted(error)) return;
      fault.value = faultOf(error);
      phase.value = 'resting';
    }
  };

  const put = (record: IdempotencyRecord) => {
    const at = places.get(record.id);
    const row = at === undefined ? undefined : rows.peek()[at];
    if (row) replace(new Map([[at!, { ...row, record, isGone: false }]]));
  };

  const replace = (changes: ReadonlyMap<number, Row>) => {
    if (changes.size === 0) return;
    const copy = [...rows.peek()];
    for (const [at, row] of changes) copy[at] = row;
    rows.value = copy;
  };

  const refresh = async (first: number, last: number, signal: AbortSignal) => {
    const shown = rows.peek().slice(first, last + 1);
    const wanted = new Set(shown.map((row) => row.page));
    wanted.add(0);
    if (phase.peek() === 'complete') wanted.add(pages.length - 1);
    const isArrivalsTurn = refreshed % arrivalsEvery === 0;
    refreshed += 1;
    const fresh = new Map<string, IdempotencyRecord>();
    for (const number of wanted) {
      const isCheap = (pages[number]?.ms ?? Number.POSITIVE_INFINITY) < cheapPageMs;
      if (!isCheap && !(number === 0 && isArrivalsTurn && pages.length > 0)) continue;
      for (const record of (await askPage(number, signal)).records) {
        fresh.set(record.id, record);
        if (!places.has(record.id)) newIds.add(record.id);
      }
    }
    // A record that is in none of these pages has started again, is gone, or its page is not cheap.
    const missing = shown.filter((row) => !row.isGone && !fresh.has(row.record.id));
    const gone = new Set<string>();
    for (const { record } of missing.slice(0, mostMissing)) {
      const found = await current(record.id, signal);
      if (found) fresh.set(record.id, found);
      else gone.add(record.id);
    }
    const changes = new Map<number, Row>();
    for (const row of shown) {
      const { id } = row.record;
      const record = fresh.get(id) ?? row.record;
      if (gone.has(id) || !isSame(record, row.record)) {
        changes.set(places.get(id)!, { ...row, record, isGone: gone.has(id) });
      }
    }
    replace(changes);
    const hasArrived = arrived.peek() !== newIds.size;
    arrived.value = newIds.size;
    return changes.size > 0 || hasArrived;
  };

  return { rows, phase, fault, arrived, more, refresh, put, end: () => ending.abort() };
}

async function current(id: string, signal: AbortSignal): Promise<IdempotencyRecord | undefined> {
  try {
    return (await ask<ShownRecord>('record', { id }, signal)).record;
  } catch (error) {
    if (faultOf(error).code === 'GONE') return undefined;
    throw error;
  }
}

function isSame(a: IdempotencyRecord, b: IdempotencyRecord): boolean {
  return a.version === b.version && a.leaseUntil === b.leaseUntil;
}

/** Where one page is all there is, its order need not be the store's. */
function newestFirst(records: readonly IdempotencyRecord[]): readonly IdempotencyRecord[] {
  return records.toSorted((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1));
}
