import { randomUUID } from 'node:crypto';
import { decodeOutcome, encodeValue } from './codec/index.ts';
import { aboutRecord, IdempotencyError, isIdempotencyError } from './errors.ts';
import type { Deployment } from './execution/deployment.ts';
import { checkReadable } from './execution/replay.ts';
import { checkNames, checkOneOf, invalidOption, shown } from './options/option-checks.ts';
import type { IdempotencyOptions } from './options/options.ts';
import { policyOf } from './options/policy.ts';
import { type IdempotencyRecord, publicRecord } from './record.ts';
import {
  type Claim,
  RECORD_FORMAT,
  type RecordQuery,
  recordVersion,
  type StoredRecord,
} from './store.ts';

/** Which records to list: all conditions must hold. `environment` defaults to the deployment's own. */
export type RecordFilter = Partial<RecordQuery>;

export interface ListedRecords {
  readonly records: readonly IdempotencyRecord[];
  /** Give it back to get the next page; undefined on the last one. */
  readonly cursor: string | undefined;
}

/** Looks at records, and changes them, one at a time. */
export interface Records {
  /** One page of records, newest first where the store can order them; 50 unless told otherwise. */
  list(filter?: RecordFilter): Promise<ListedRecords>;
  /** The record; undefined if there is none, or if it expired. */
  get(id: string): Promise<IdempotencyRecord | undefined>;
  /** What a completed record replays. Throws what a replay would throw. */
  result(id: string): Promise<unknown>;
  /** Lets the work run again at its next call: the record of a failed, held or completed execution
   * becomes failed. False if there is no record. Throws `IN_PROGRESS` while somebody executes. */
  release(id: string, options?: ActionOptions): Promise<boolean>;
  /** Notes the work as done with `value`, which later calls replay. False if there is no record.
   * Throws `IN_PROGRESS` while somebody executes. */
  complete(id: string, value: unknown, options?: ActionOptions): Promise<boolean>;
  /** Removes the record, whoever holds it: the next call starts afresh. False if there was none. */
  delete(id: string, options?: ActionOptions): Promise<boolean>;
}

/** Who acts, why, and on which state of the record. */
export interface ActionOptions {
  /** The `version` that the operator saw: the action is done only if it still stands. */
  readonly version?: string | undefined;
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

const filterNames = [
  'environment',
  'operation',
  'run',
  'scope',
  'status',
  'stuck',
  'idPrefix',
  'text',
  'startedBefore',
  'startedAfter',
  'limit',
  'cursor',
] as const satisfies readonly (keyof RecordQuery)[];

// Long enough for the two requests of one action; after a crash between them the record is free again.
const actionLeaseMs = 10_000;

export function recordsOf(deployment: Deployment, options: IdempotencyOptions): Records {
  const { store } = deployment.requests;
  const { retention, retirement } = policyOf(options, store);
  const read = { retirement };

  const find = async (id: string): Promise<StoredRecord | undefined> => {
    checkId(id);
    const record = await asked(store.name, id, () => store.get(id, read));
    if (record) checkReadable(record);
    return record;
  };

  /** Claims the record as it was seen. Answers the claim's token, or undefined if it has changed since. */
  const claimAsSeen = async (
    record: StoredRecord,
    version: string,
    retentionMs: number | null,
  ): Promise<string | undefined> => {
    const claim: Claim = {
      id: record.id,
      environment: record.environment,
      operation: record.operation,
      run: record.run,
      scope: record.scope,
      token: randomUUID(),
      leaseMs: actionLeaseMs,
      retentionMs,
      fingerprint: record.fingerprint,
      keyPreview: record.keyPreview,
      inputPreview: record.inputPreview,
      traceparent: record.traceparent,
      abandoned: 'hold',
      supersedes: version,
      formatVersion: RECORD_FORMAT,
    };
    const { acquisition } = await deployment.requests.acquire(claim, retirement, undefined);
    if (acquisition.status === 'acquired') return claim.token;
    if (acquisition.record.status === 'in_progress' && acquisition.leaseRemainingMs > 0) {
      throw executing(record.id, acquisition.leaseRemainingMs);
    }
    return undefined;
  };

  /** Does an action on the record as the operator saw it, and reports it. */
  const act = async (
    action: 'release' | 'complete' | 'delete',
    id: string,
    { version, by, reason }: ActionOptions,
    change: (record: StoredRecord, version: string) => Promise<boolean>,
  ): Promise<boolean> => {
    const record = await find(id);
    const seen = record && recordVersion(record);
    const done =
      record !== undefined && (version ?? seen) === seen && (await change(record, seen!));
    deployment.instrumentation()?.operatorAction?.({ action, id, done, by, reason });
    return done;
  };

  return {
    async list(filter = {}) {
      checkFilter(filter);
      const query = { environment: deployment.environment, limit: 50, ...filter };
      const page = await asked(store.name, undefined, () => store.list(query, read));
      return { records: page.records.map(publicRecord), cursor: page.cursor };
    },

    async get(id) {
      const record = await find(id);
      return record && publicRecord(record);
    },

    async result(id) {
      const record = await find(id);
      if (record?.status !== 'completed' || !record.outcome) {
        throw invalidOption(
          `${id} holds no result: ${record ? `it is ${record.status}` : 'there is no such record'}`,
        );
      }
      return resultOf(record, record.outcome);
    },

    release: (id, options = {}) =>
      act('release', id, options, async (record, version) => {
        if (record.status === 'failed') return true;
        const token = await claimAsSeen(record, version, retention.failed);
        if (token === undefined) return false;
        const error = { name: 'Released', message: options.reason ?? 'released by an operator' };
        const note = { error, retentionMs: retention.failed, traceparent: record.traceparent };
        const settlement = await deployment.requests.release(id, token, note, undefined);
        return settlement.status === 'done' || settlement.status === 'already_done';
      }),

    complete: (id, value, options = {}) =>
      act('complete', id, options, async (record, version) => {
        if (record.status === 'completed') {
          throw invalidOption(
            `${id} is completed already, and its outcome never changes; delete the record first`,
          );
        }
        const outcome = { bytes: encodeValue(value), retentionMs: retention.completed };
        const token = await claimAsSeen(record, version, retention.completed);
        if (token === undefined) return false;
        const settlement = await deployment.requests.complete(id, token, outcome, undefined);
        if (settlement.status === 'too_large') {
          throw invalidOption(
            `the value for ${id} makes a record of ${settlement.recordBytes} bytes; store '${store.name}' takes ${settlement.maxRecordBytes}`,
          );
        }
        return settlement.status !== 'lost';
      }),

    delete: (id, options = {}) =>
      act('delete', id, options, (_record, version) =>
        asked(store.name, id, () =>
          store.delete(id, options.version === undefined ? {} : { version }),
        ),
      ),
  };
}

function resultOf(record: StoredRecord, bytes: Uint8Array): unknown {
  const outcome = decodeOutcome(bytes, record.id);
  if (outcome.kind === 'value') return outcome.value;
  if (outcome.kind === 'error') throw outcome.error;
  throw new IdempotencyError('RESULT_OMITTED', `the result of ${record.id} could not be kept`, {
    recordId: record.id,
  });
}

async function asked<T>(
  storeName: string,
  recordId: string | undefined,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (isIdempotencyError(cause))
      throw recordId === undefined ? cause : aboutRecord(cause, recordId);
    const detail = cause instanceof Error ? cause.message : String(cause);
    const message = `store '${storeName}' could not be asked: ${detail}; check that it is reachable, then try again`;
    throw new IdempotencyError('STORE_UNAVAILABLE', message, { recordId, cause });
  }
}

function executing(recordId: string, leaseRemainingMs: number): IdempotencyError {
  const retryAfterMs = Math.ceil(leaseRemainingMs);
  const message = `${recordId} is being executed right now; try again in ${retryAfterMs} ms, or delete the record if its executor will never end`;
  return new IdempotencyError('IN_PROGRESS', message, { recordId, retryAfterMs });
}

function checkId(id: unknown): void {
  if (typeof id === 'string' && id !== '') return;
  throw invalidOption(`id is ${shown(id)}; give a record id such as 'prod/charge-payment/0/…'`);
}

function checkFilter(filter: RecordFilter): void {
  checkNames(filter, filterNames, 'records.list');
  const { limit, status } = filter;
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= 1_000)) {
    throw invalidOption(`limit is ${shown(limit)}; give a whole number from 1 to 1000`);
  }
  if (status !== undefined) checkOneOf(status, ['in_progress', 'completed', 'failed'], 'status');
}
