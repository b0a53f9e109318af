import { isIdempotencyError } from '../errors.ts';
import type { Deployment } from '../execution/deployment.ts';
import type { RequestDetails } from '../execution/request.ts';
import {
  checkFunction,
  checkNames,
  checkSignal,
  checkText,
  invalidOption,
  shown,
} from '../options/option-checks.ts';
import type { StoredRecord } from '../store.ts';
import { forEachRecord } from './each-record.ts';
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

/** Throws `OPTIONS_INVALID` naming what is wrong with an action on many records. */
export function checkBulkAction(
  filter: RecordFilter,
  options: BulkOptions,
  where: string,
  more: readonly string[] = [],
): void {
  if (typeof filter !== 'object' || filter === null) {
    throw invalidOption(
      `${where} was given ${shown(filter)} as its filter; say which records, or {} for all of the environment`,
    );
  }
  checkNames(options, ['by', 'reason', 'onProgress', 'signal', ...more], where);
  checkText(options.by, `${where}: by`);
  checkText(options.reason, `${where}: reason`);
  checkFunction(options.onProgress, `${where}: onProgress`, 'the progress');
  checkSignal(options.signal, `${where}: signal`);
}

/** Changes every record that matches, page by page and a few at a time, each only if it is still as it
 * was listed. */
export async function changeAll(
  deployment: Deployment,
  details: RequestDetails,
  filter: RecordFilter,
  options: BulkOptions,
  where: string,
  change: (record: StoredRecord) => Promise<boolean>,
): Promise<BulkProgress> {
  checkBulkAction(filter, options, where);
  const query = queryOf(filter, deployment.environment, where, 200);
  let progress: BulkProgress = { matched: 0, changed: 0, skipped: 0 };
  await forEachRecord(deployment, details, query, {
    signal: options.signal,
    onPage: () => options.onProgress?.(progress),
    async work(record) {
      const done = await ifPossible(() => change(record));
      progress = {
        matched: progress.matched + 1,
        changed: progress.changed + Number(done),
        skipped: progress.skipped + Number(!done),
      };
    },
  });
  return progress;
}

/** One record that cannot be changed does not end the action for the others. */
export async function ifPossible(change: () => Promise<boolean>): Promise<boolean> {
  try {
    return await change();
  } catch (error) {
    if (isIdempotencyError(error, 'IN_PROGRESS') || isIdempotencyError(error, 'RECORD_CORRUPT')) {
      return false;
    }
    throw error;
  }
}
