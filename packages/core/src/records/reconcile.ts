import { type Duration, durationMs } from '../duration.ts';
import { isIdempotencyError } from '../errors.ts';
import { askProbe } from '../execution/ask-probe.ts';
import type { Deployment } from '../execution/deployment.ts';
import type { RequestDetails } from '../execution/request.ts';
import { untilAborted } from '../execution/until-aborted.ts';
import { checkFunction, invalidOption, shown } from '../options/option-checks.ts';
import type { Probe, ProbeAnswer } from '../options/probe.ts';
import { recordVersion, type StoredRecord } from '../store.ts';
import { within } from '../within.ts';
import { type BulkBasics, checkBulkAction, ifPossible, isWanted } from './bulk-action.ts';
import { forEachRecord } from './each-record.ts';
import type { CompleteOptions } from './operator-action.ts';
import { type IdempotencyRecord, publicRecord } from './record.ts';
import { queryOf, type RecordFilter } from './record-filter.ts';

/** How far a reconciliation has come. */
export interface ReconcileProgress {
  /** Records that matched so far; each counts once more below. */
  readonly matched: number;
  /** The probe found the result. */
  readonly completed: number;
  /** The probe found that nothing had happened: the next call executes. */
  readonly released: number;
  /** The probe could not tell: they go on waiting. */
  readonly held: number;
  /** The probe threw, gave no answer in time, or one that it cannot give, such as a value that no record
   * can hold. */
  readonly failed: number;
  /** Changed by somebody else meanwhile. */
  readonly skipped: number;
}

/** Options of `records.reconcile`. */
export interface ReconcileOptions extends BulkBasics {
  /** Told after each page, and when it is stopped. */
  readonly onProgress?: ((progress: ReconcileProgress) => void) | undefined;
  /** Told of each record that matched, as it was listed, and what came of it. */
  readonly onRecord?: ((record: IdempotencyRecord, verdict: ReconcileVerdict) => void) | undefined;
  /** Told of each record whose probe failed, and why. */
  readonly onError?: ((error: unknown, recordId: string) => void) | undefined;
  /** Longest time that one probe may take. Default `'30s'`. */
  readonly timeout?: Duration | undefined;
  /** How long what was completed is kept. Default `false`: until someone deletes it. */
  readonly retention?: Duration | false | undefined;
}

/** How records are settled. */
export interface Settling {
  complete(record: StoredRecord, value: unknown, options: CompleteOptions): Promise<boolean>;
  release(record: StoredRecord, options: CompleteOptions): Promise<boolean>;
}

/** What came of asking about one record; {@link ReconcileProgress} says what each means. */
export type ReconcileVerdict = Exclude<keyof ReconcileProgress, 'matched'>;

/** Asks the probe about every abandoned record that matches, a few at a time, and settles each as it
 * says, if it is still as it was listed. */
export async function reconcileAll(
  deployment: Deployment,
  details: RequestDetails,
  filter: RecordFilter,
  probe: Probe,
  options: ReconcileOptions,
  settling: Settling,
): Promise<ReconcileProgress> {
  const where = 'records.reconcile';
  checkBulkAction(filter, options, where, ['onError', 'timeout', 'retention']);
  if (typeof probe !== 'function') {
    throw invalidOption(`${where} was given ${shown(probe)} as its probe; give a function`);
  }
  const { by = 'probe', reason, signal, onProgress, onError, timeout = '30s', retention } = options;
  checkFunction(onError, `${where}: onError`, 'the error and the record id');
  const timeoutMs = durationMs(timeout, `${where}: timeout`);
  if (retention !== undefined && retention !== false) {
    durationMs(retention, `${where}: retention`);
  }

  const settle = async (record: StoredRecord): Promise<ReconcileVerdict> => {
    let found: ProbeAnswer;
    try {
      found = await inTime(deployment, record, timeoutMs, signal, () => askProbe(probe, record));
    } catch (error) {
      // Stopped by whoever asked for it, which is not the fault of the record.
      signal?.throwIfAborted();
      onError?.(error, record.id);
      return 'failed';
    }
    if (found === 'hold') return 'held';
    const version = recordVersion(record);
    const own = { by, reason, version };
    let isDone: boolean;
    try {
      isDone = await ifPossible(() =>
        found === 'reexecute'
          ? settling.release(record, { ...own, reason: reason ?? 'the probe found no effect' })
          : settling.complete(record, found.completed, { ...own, retention }),
      );
    } catch (error) {
      if (!isUnkeepable(error)) throw error;
      onError?.(error, record.id);
      return 'failed';
    }
    if (!isDone) return 'skipped';
    return found === 'reexecute' ? 'released' : 'completed';
  };

  const query = { ...queryOf(filter, deployment.environment, where, 200), stuck: true };
  let progress: ReconcileProgress = {
    matched: 0,
    completed: 0,
    released: 0,
    held: 0,
    failed: 0,
    skipped: 0,
  };
  await forEachRecord(deployment, details, query, {
    signal,
    onPage: () => onProgress?.(progress),
    async work(record) {
      if (!isWanted(options, record)) return;
      const verdict = await settle(record);
      options.onRecord?.(publicRecord(record), verdict);
      progress = {
        ...progress,
        matched: progress.matched + 1,
        [verdict]: progress[verdict] + 1,
      };
    },
  });
  return progress;
}

/** Whether a record cannot hold what a probe has found: that is no reason to leave the others. */
function isUnkeepable(error: unknown): boolean {
  return (
    isIdempotencyError(error, 'RESULT_UNSERIALIZABLE') ||
    isIdempotencyError(error, 'RESULT_OMITTED')
  );
}

/** A probe that never answers must not hold up the others, nor the end. */
function inTime<T>(
  { runtime }: Deployment,
  { id }: StoredRecord,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  ask: () => Promise<T>,
): Promise<T> {
  const giveUp = (): never => {
    throw new Error(`the probe of ${id} gave no answer within ${timeoutMs} ms`);
  };
  return within(untilAborted(signal, ask), timeoutMs, giveUp, runtime.clock);
}
