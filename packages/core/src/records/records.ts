import { type DecodedOutcome, encodeValue, errorNote } from '../codec/index.ts';
import type { Types } from '../codec/type-codec.ts';
import { type Duration, durationMs } from '../duration.ts';
import { aboutRecord, isIdempotencyError } from '../errors.ts';
import { completeRecord } from '../execution/complete-record.ts';
import type { Deployment } from '../execution/deployment.ts';
import { discardOffloaded, openOutcome } from '../execution/outcome-layers.ts';
import { resultOmitted } from '../execution/replay.ts';
import { settleRecord } from '../execution/settle-record.ts';
import { invalidOption } from '../options/option-checks.ts';
import type { OperationOptions } from '../options/options.ts';
import { policyOf } from '../options/policy.ts';
import { type OperationStats, recordVersion, type StoredRecord } from '../store.ts';
import { type BulkOptions, type BulkProgress, changeAll } from './bulk-action.ts';
import {
  type ActionOptions,
  type CompleteOptions,
  checkActionOptions,
  checkId,
  OperatorActions,
  settledBy,
} from './operator-action.ts';
import { type IdempotencyRecord, publicRecord } from './record.ts';
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
  release(id: string, options?: ActionOptions): Promise<boolean>;
  /** Notes failed or held work as done with `value`, which later calls replay until someone deletes the
   * record, or for the action's `retention`; the `fence` rises as with `release`. False if there is no record, or not the version that was seen. Throws `IN_PROGRESS`
   * while somebody executes. */
  complete(id: string, value: unknown, options?: CompleteOptions): Promise<boolean>;
  /** Removes the record, whoever holds it: the next call starts afresh. False if there is none, or
   * not the version that was seen. */
  delete(id: string, options?: ActionOptions): Promise<boolean>;
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
}

export function recordsOf(deployment: Deployment, options: OperationOptions): Records {
  const { requests } = deployment;
  const { store } = requests;
  const policy = policyOf(options, store);
  const { layers, retention, retirement } = policy;
  const details = { retirement };
  const actions = new OperatorActions(deployment, details);

  const release = async (
    record: StoredRecord,
    version: string,
    own: ActionOptions,
  ): Promise<boolean> => {
    if (record.status === 'failed') return true;
    const mine = await actions.claim(record, version, retention.failed);
    if (!mine) return false;
    const error = errorNote({ name: 'Released', message: own.reason ?? 'released by an operator' });
    const note = {
      error,
      retentionMs: retention.failed,
      settledBy: settledBy(own),
      traceparent: record.traceparent,
    };
    return settleRecord(deployment, mine.id, mine.lease, 0, async () => {
      const settlement = await requests.release(mine.id, mine.token, note, details);
      const done = settlement?.status === 'done' || settlement?.status === 'already_done';
      if (done) await discardOffloaded(layers, record.outcome, record.id);
      return done;
    });
  };

  const complete = async (
    record: StoredRecord,
    version: string,
    value: unknown,
    own: CompleteOptions,
  ): Promise<boolean> => {
    const { id } = record;
    if (record.status === 'completed') {
      throw invalidOption(
        `${id} is completed already, and its outcome never changes; delete the record first`,
      );
    }
    const { retention: kept = false } = own;
    const retentionMs = kept === false ? null : durationMs(kept, 'records.complete: retention');
    const outcome = {
      bytes: encodedFor(id, value, layers.types),
      retentionMs,
      settledBy: settledBy(own),
    };
    const mine = await actions.claim(record, version, retentionMs);
    if (!mine) return false;
    const prepared = {};
    const completion = await settleRecord(
      deployment,
      id,
      mine.lease,
      outcome.bytes.byteLength,
      () => completeRecord(requests, policy, mine, outcome, details, prepared),
    );
    if (completion?.kept === false) {
      throw invalidOption(`${id} is completed, but without the value, which is too large to keep`);
    }
    return completion !== undefined;
  };

  const extend = async (id: string, version: string, ms: number | null): Promise<boolean> => {
    if (!store.extend) throw invalidOption(`store '${store.name}' cannot extend records`);
    const changed = await requests.askOnce('extend', id, { ...details, version }, (request) =>
      store.extend!(id, ms, request),
    );
    return changed !== undefined;
  };

  /** Whatever the record is: deleting it is what helps against one that cannot be read. */
  const remove = async (id: string, version: string | undefined): Promise<boolean> => {
    const record = await lookPastDamage(actions, id, version);
    if (!record || (version ?? record.version) !== record.version) return false;
    const done = await requests.askOnce('delete', id, { ...details, version }, (request) =>
      store.delete(id, request),
    );
    if (done) await discardOffloaded(layers, record.outcome, id);
    return done;
  };

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
      checkActionOptions(own, 'records.release');
      return actions.act('release', id, own, (record, version) => release(record, version, own));
    },

    complete: async (id, value, own = {}) => {
      checkActionOptions(own, 'records.complete', ['retention']);
      return actions.act('complete', id, own, (record, version) =>
        complete(record, version, value, own),
      );
    },

    delete: async (id, own = {}) => {
      checkActionOptions(own, 'records.delete');
      return actions.report('delete', id, own, () => remove(id, own.version));
    },

    extend: async (id, kept, own = {}) => {
      checkActionOptions(own, 'records.extend');
      const ms = kept === false ? null : durationMs(kept, 'retention');
      return actions.act('extend', id, own, (_record, version) => extend(id, version, ms));
    },

    releaseAll: (filter, own = {}) =>
      changeAll(deployment, details, filter, own, 'records.releaseAll', ({ id, ...record }) =>
        actions.act('release', id, { ...own, version: recordVersion(record) }, (seen, version) =>
          release(seen, version, own),
        ),
      ),

    extendAll: async (filter, kept, own = {}) => {
      const ms = kept === false ? null : durationMs(kept, 'retention');
      return changeAll(deployment, details, filter, own, 'records.extendAll', ({ id, ...record }) =>
        actions.act('extend', id, { ...own, version: recordVersion(record) }, (_seen, version) =>
          extend(id, version, ms),
        ),
      );
    },
  };
}

/** The outcome bytes of a record that is not known to be readable, with its version if it is. */
async function lookPastDamage(
  actions: OperatorActions,
  id: string,
  version: string | undefined,
): Promise<Partial<Pick<IdempotencyRecord, 'version'> & StoredRecord> | undefined> {
  try {
    const record = await actions.look(id);
    return record && { outcome: record.outcome, version: recordVersion(record) };
  } catch (error) {
    if (version !== undefined || !isIdempotencyError(error, 'RECORD_CORRUPT')) throw error;
    return {};
  }
}

function encodedFor(recordId: string, value: unknown, types: Types | undefined): Uint8Array {
  try {
    return encodeValue(value, types);
  } catch (error) {
    throw aboutRecord(error, recordId);
  }
}

function resultOf(recordId: string, outcome: DecodedOutcome): unknown {
  if (outcome.kind === 'value') return outcome.value;
  if (outcome.kind === 'error') throw outcome.error;
  throw resultOmitted(recordId, outcome.reason);
}
