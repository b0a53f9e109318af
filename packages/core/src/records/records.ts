import type { Duration } from '../duration.ts';
import type { Probe } from '../options/probe.ts';
import type { OperationStats } from '../store.ts';
import type { BulkOptions, BulkProgress } from './bulk-action.ts';
import type { ActionOptions, CompleteOptions, StepActionOptions } from './operator-action.ts';
import type { ReconcileOptions, ReconcileProgress } from './reconcile.ts';
import type { IdempotencyRecord } from './record.ts';
import type { RecordFilter } from './record-filter.ts';

/** One page of records. */
export interface ListedRecords {
  readonly records: readonly IdempotencyRecord[];
  /** Give it back to get the next page; undefined on the last one. */
  readonly cursor: string | undefined;
}

/**
 * What operators do: look at records, and change them. Each action is done only to the state of the
 * record that was seen, and reported to instrumentation with who and why.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 *
 * declare const idempotency: Idempotency;
 * const { records } = await idempotency.records.list({ operation: 'charge', status: 'failed' });
 * for (const { id, version } of records) {
 *   await idempotency.records.release(id, { version, by: 'ada', reason: 'gateway is back' });
 * }
 * ```
 */
export interface Records {
  /** One page of records, newest first where the store can order them; 50 unless told otherwise. */
  list(filter?: RecordFilter): Promise<ListedRecords>;
  /** The record; undefined if there is none, or if it expired. */
  get(id: string): Promise<IdempotencyRecord | undefined>;
  /** What a completed record replays. Throws what a replay would throw. */
  result(id: string): Promise<unknown>;
  /** Records by operation and status. Reads every record that matches where the store cannot count. */
  stats(
    filter?: RecordFilter,
    onProgress?: (counted: number) => void,
  ): Promise<readonly OperationStats[]>;
  /** Lets the work run again at its next call: the record of a failed, held or completed execution
   * becomes failed. It takes a claim, so the `fence` rises, though nothing is executed. False if there
   * is no record, or not the version that was seen. Throws `IN_PROGRESS` while somebody executes. */
  release(id: string, options?: StepActionOptions): Promise<boolean>;
  /** Notes failed or held work as done with `value`, which later calls replay until someone deletes the
   * record, or for the action's `retention`; the `fence` rises as with `release`. False if there is no record, or not the version that was seen. Throws `IN_PROGRESS`
   * while somebody executes. */
  complete(id: string, value: unknown, options?: CompleteOptions): Promise<boolean>;
  /** Removes the record, whoever holds it: the next call starts afresh. False if there is none, or
   * not the version that was seen. */
  delete(id: string, options?: StepActionOptions): Promise<boolean>;
  /** Keeps a settled record for `retention` from now; `false` until someone deletes it. False if there
   * is no such record, or not the version that was seen. */
  extend(id: string, retention: Duration | false, options?: ActionOptions): Promise<boolean>;
  /** `release` for every record that matches, a few at a time; `{}` is every one of the environment. */
  releaseAll(filter: RecordFilter, options?: BulkOptions): Promise<BulkProgress>;
  /** `extend` for every record that matches, a few at a time; `{}` is every one of the environment. */
  extendAll(
    filter: RecordFilter,
    retention: Duration | false,
    options?: BulkOptions,
  ): Promise<BulkProgress>;
  /** `delete` for every record that matches and that nobody executes, a few at a time; `{}` is every one
   * of the environment. */
  deleteAll(filter: RecordFilter, options?: BulkOptions): Promise<BulkProgress>;

  /**
   * Asks the probe about every abandoned record that matches, those of unknown outcome among them, and
   * completes or releases each as it says. A few at a time; a probe that fails leaves its record as it
   * is. `{}` is every one of the environment, `{ unknown: true }` leaves out what crashed.
   *
   * @example
   * ```ts
   * import type { Idempotency } from '@twiceproof/core';
   *
   * declare const idempotency: Idempotency;
   * declare function findPayment(key: string): Promise<{ id: string } | undefined>;
   * const done = await idempotency.records.reconcile(
   *   { operation: 'charge', unknown: true },
   *   async ({ downstreamKey }) => {
   *     const payment = await findPayment(downstreamKey);
   *     return payment ? { completed: payment } : 'reexecute';
   *   },
   *   { onProgress: ({ matched }) => console.log(`${matched} asked about`) },
   * );
   * console.log(done);
   * ```
   */
  reconcile(
    filter: RecordFilter,
    probe: Probe,
    options?: ReconcileOptions,
  ): Promise<ReconcileProgress>;
}
