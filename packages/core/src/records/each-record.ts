import type { Deployment } from '../execution/deployment.ts';
import type { RequestDetails } from '../execution/request.ts';
import type { RecordQuery, StoredRecord } from '../store.ts';
import { doBounded } from './bounded-work.ts';

/** What is done with the records of a query. */
export interface RecordWork {
  readonly signal?: AbortSignal | undefined;
  readonly work: (record: StoredRecord) => Promise<void>;
  /** Called after each page, also of one that was not worked off. */
  readonly onPage?: (() => void) | undefined;
}

/** Works on every record that matches, page by page and a few at a time. */
export async function forEachRecord(
  { requests }: Deployment,
  details: RequestDetails,
  query: RecordQuery,
  { signal, work, onPage }: RecordWork,
): Promise<void> {
  let { cursor } = query;
  do {
    signal?.throwIfAborted();
    const page = await requests.askOnce('list', undefined, details, (request) =>
      requests.store.list({ ...query, cursor }, request),
    );
    try {
      await doBounded(page.records, signal, work);
    } finally {
      onPage?.();
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}
