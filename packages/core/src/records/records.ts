import type { DecodedOutcome } from '../codec/index.ts';
import { type Duration, durationMs } from '../duration.ts';
import type { Deployment } from '../execution/deployment.ts';
import { openOutcome } from '../execution/outcome-layers.ts';
import { resultOmitted } from '../execution/replay.ts';
import { invalidOption } from '../options/option-checks.ts';
import type { OperationOptions } from '../options/options.ts';
import { policyOf } from '../options/policy.ts';
import type { Probe } from '../options/probe.ts';
import { type OperationStats, recordVersion, type StoredRecord } from '../store.ts';
import {
  type BulkBasics,
  type BulkOptions,
  type BulkProgress,
  changeAll,
  isWanted,
} from './bulk-action.ts';
import {
  type ActionOptions,
  type CompleteOptions,
  checkActionOptions,
  checkId,
  OperatorActions,
  type StepActionOptions,
} from './operator-action.ts';
import { type ReconcileOptions, type ReconcileProgress, reconcileAll } from './reconcile.ts';
import { type IdempotencyRecord, publicRecord } from './record.ts';
import { RecordChanges } from './record-changes.ts';
import { queryOf, type RecordFilter } from './record-filter.ts';
import { countRecords } from './record-stats.ts';

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

export function recordsOf(deployment: Deployment, options: OperationOptions): Records {
  const { requests } = deployment;
  const { store } = requests;
  const policy = policyOf(options, store);
  const { layers, retirement } = policy;
  const details = { retirement };
  const actions = new OperatorActions(deployment, details);
  const changes = new RecordChanges(deployment, details, policy, actions);
  /** To the record as it was listed. What became unknown since then has kept its version. */
  const changeListed = (
    action: 'release' | 'complete' | 'extend' | 'delete',
    { id, ...record }: StoredRecord,
    own: ActionOptions,
    bulk: BulkBasics,
    change: (seen: StoredRecord, version: string) => Promise<boolean>,
  ): Promise<boolean> =>
    actions.act(
      action,
      id,
      { ...own, version: recordVersion(record) },
      async (seen, version) => isWanted(bulk, seen) && change(seen, version),
    );

  return {
    async list(filter = {}) {
      const query = queryOf(filter, deployment.environment, 'records.list');
      const page = await requests.askOnce('list', undefined, details, (request) =>
        store.list(query, request),
      );
      return { records: page.records.map(publicRecord), cursor: page.cursor };
    },

    async get(id) {
      checkId(id);
      const record = await actions.look(id);
      return record && publicRecord(record);
    },

    async result(id) {
      checkId(id);
      const record = await actions.find(id);
      if (record?.status !== 'completed' || !record.outcome) {
        throw invalidOption(
          `${id} holds no result: ${record ? `it is ${record.status}` : 'there is no such record'}`,
        );
      }
      return resultOf(id, await openOutcome(layers, record.outcome, id));
    },

    stats: (filter = {}, onProgress) => countRecords(deployment, details, filter, onProgress),

    release: async (id, own = {}) => {
      checkActionOptions(own, 'records.release', ['steps']);
      return actions.report('release', id, own, () => changes.releaseSeen(id, own));
    },

    complete: async (id, value, own = {}) => {
      checkActionOptions(own, 'records.complete', ['steps', 'retention']);
      return actions.act('complete', id, own, (record, version) =>
        changes.complete(record, version, value, own),
      );
    },

    delete: async (id, own = {}) => {
      checkActionOptions(own, 'records.delete', ['steps']);
      return actions.report('delete', id, own, () => changes.remove(id, own));
    },

    extend: async (id, kept, own = {}) => {
      checkActionOptions(own, 'records.extend');
      const ms = kept === false ? null : durationMs(kept, 'retention');
      return actions.act('extend', id, own, (_record, version) => changes.extend(id, version, ms));
    },

    releaseAll: (filter, own = {}) =>
      changeAll(deployment, details, filter, own, 'records.releaseAll', (record) =>
        changeListed('release', record, own, own, (seen, version) =>
          changes.release(seen, version, own),
        ),
      ),

    extendAll: async (filter, kept, own = {}) => {
      const ms = kept === false ? null : durationMs(kept, 'retention');
      return changeAll(deployment, details, filter, own, 'records.extendAll', (record) =>
        changeListed('extend', record, own, own, (seen, version) =>
          changes.extend(seen.id, version, ms),
        ),
      );
    },

    deleteAll: (filter, own = {}) =>
      changeAll(deployment, details, filter, own, 'records.deleteAll', (record) =>
        changeListed('delete', record, own, own, (seen, version) =>
          changes.removeIdle(seen, version),
        ),
      ),

    reconcile: async (filter, probe, own = {}) =>
      reconcileAll(deployment, details, filter, probe, own, {
        complete: (record, value, how) =>
          changeListed('complete', record, how, own, (seen, version) =>
            changes.complete(seen, version, value, how),
          ),
        release: (record, how) =>
          changeListed('release', record, how, own, (seen, version) =>
            changes.release(seen, version, how),
          ),
      }),
  };
}

function resultOf(recordId: string, outcome: DecodedOutcome): unknown {
  if (outcome.kind === 'value') return outcome.value;
  if (outcome.kind === 'error') throw outcome.error;
  throw resultOmitted(recordId, outcome.reason);
}
