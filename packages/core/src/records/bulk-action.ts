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
import { type IdempotencyRecord, publicRecord } from './record.ts';
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

/** What actions on many records have in common. */
export interface BulkBasics {
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  /**
   * Which of the records that match, where a filter cannot say it: asked about each as it was listed, and
   * once more as it is when it is changed. The others are not counted. What it throws ends the action.
   */
  readonly only?: ((record: IdempotencyRecord) => boolean) | undefined;
  /** Stops the action: what is under way is ended, and what was changed stays changed. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of actions on many records. */
export interface BulkOptions extends BulkBasics {
  /** Told after each page, and when the action is stopped. */
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined;
  /** Told of each record that matched, as it was listed, and whether it was changed. */
  readonly onRecord?: ((record: IdempotencyRecord, isChanged: boolean) => void) | undefined;
}

/** Throws `OPTIONS_INVALID` naming what is wrong with an action on many records. */
export function checkBulkAction(
  filter: RecordFilter,
  options: BulkBasics & { readonly onProgress?: unknown; readonly onRecord?: unknown },
  where: string,
  more: readonly string[] = [],
): void {
  if (typeof filter !== 'object' || filter === null) {
    throw invalidOption(
      `${where} was given ${shown(filter)} as its filter; say which records, or {} for all of the environment`,
    );
  }
  checkNames(options, ['by', 'reason', 'only', 'onProgress', 'onRecord', 'signal', ...more], where);
  checkText(options.by, `${where}: by`);
  checkText(options.reason, `${where}: reason`);
  checkFunction(options.only, `${where}: only`, 'the record');
  checkFunction(options.onProgress, `${where}: onProgress`, 'the progress');
  checkFunction(options.onRecord, `${where}: onRecord`, 'the record and what came of it');
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
      if (!isWanted(options, record)) return;
      const done = await ifPossible(() => change(record));
      options.onRecord?.(publicRecord(record), done);
      progress = {
        matched: progress.matched + 1,
        changed: progress.changed + Number(done),
        skipped: progress.skipped + Number(!done),
      };
    },
  });
  return progress;
}

/** Whether the record is one of those that `only` asks for. */
export function isWanted({ only }: BulkBasics, record: StoredRecord): boolean {
  if (!only) return true;
  const answer: unknown = only(publicRecord(record));
  if (typeof answer === 'boolean') return answer;
  // A promise counts as true, and would have every record changed.
  throw invalidOption(`only answered ${shown(answer)} for ${record.id}; answer true or false`);
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
