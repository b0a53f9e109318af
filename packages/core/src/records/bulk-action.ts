import { isIdempotencyError } from '../errors.ts';
import type { Deployment } from '../execution/deployment.ts';
import type { RequestDetails } from '../execution/store-requests.ts';
import type { StoredRecord } from '../store.ts';
import { doBounded } from './bounded-work.ts';
import { queryOf, type RecordFilter } from './record-filter.ts';

/** How far a bulk action has come. */
export interface BulkProgress {
  /** Records that matched the filter so far. */
  readonly matched: number;
  /** Records that were changed. */
  readonly changed: number;
  /** Records that were left alone: being executed, changed since they were listed, unreadable, or
   * not applicable. */
  readonly skipped: number;
}

/** Options of actions on many records. */
export interface BulkOptions {
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  /** Told after each page, and when the action is stopped. */
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined;
  /** Stops the action: what is under way is ended, and what was changed stays changed. */
  readonly signal?: AbortSignal | undefined;
}

/** Changes every record that matches, page by page and a few at a time, each only if it is still as it
 * was listed. */
export async function changeAll(
  deployment: Deployment,
  details: RequestDetails,
  filter: RecordFilter,
  { onProgress, signal }: BulkOptions,
  change: (record: StoredRecord) => Promise<boolean>,
): Promise<BulkProgress> {
  const { requests, environment } = deployment;
  const query = queryOf({ limit: 200, ...filter }, environment, 'filter');
  let progress: BulkProgress = { matched: 0, changed: 0, skipped: 0 };
  let { cursor } = query;
  do {
    signal?.throwIfAborted();
    const page = await requests.askOnce('list', undefined, details, (options) =>
      requests.store.list({ ...query, cursor }, options),
    );
    try {
      await doBounded(page.records, signal, async (record) => {
        const done = await ifPossible(() => change(record));
        progress = {
          matched: progress.matched + 1,
          changed: progress.changed + Number(done),
          skipped: progress.skipped + Number(!done),
        };
      });
    } finally {
      onProgress?.(progress);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return progress;
}

/** One record that cannot be changed does not end the action for the others. */
async function ifPossible(change: () => Promise<boolean>): Promise<boolean> {
  try {
    return await change();
  } catch (error) {
    if (isIdempotencyError(error, 'IN_PROGRESS') || isIdempotencyError(error, 'RECORD_CORRUPT')) {
      return false;
    }
    throw error;
  }
}
