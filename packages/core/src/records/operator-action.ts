import { randomUUID } from 'node:crypto';
import { IdempotencyError } from '../errors.ts';
import type { Ownership } from '../execution/complete-record.ts';
import type { Deployment } from '../execution/deployment.ts';
import { checkReadable } from '../execution/replay.ts';
import { notify, type OperatorActionInfo } from '../instrumentation.ts';
import { invalidOption, shown } from '../options/option-checks.ts';
import { type Claim, RECORD_FORMAT, recordVersion, type StoredRecord } from '../store.ts';

/** Who acts, why, and on which state of the record. */
export interface ActionOptions {
  /** The `version` that the operator saw: the action is done only if it still stands. */
  readonly version?: string | undefined;
  /** Reported to instrumentation with the action, as is `reason`. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

// Long enough for the two requests of one action; after a crash between them the record is free again.
const actionLeaseMs = 10_000;

/** What operators do to one record: always to the state that they saw, always reported. */
export class OperatorActions {
  readonly #deployment: Deployment;
  readonly #retirement: 'on' | 'paused';

  constructor(deployment: Deployment, retirement: 'on' | 'paused') {
    this.#deployment = deployment;
    this.#retirement = retirement;
  }

  async find(id: string): Promise<StoredRecord | undefined> {
    if (typeof id !== 'string' || id === '') {
      throw invalidOption(`id is ${shown(id)}; give a record id such as 'prod/charge-payment/0/…'`);
    }
    const { requests } = this.#deployment;
    const record = await requests.askOnce('get', id, { retirement: this.#retirement }, (request) =>
      requests.store.get(id, request),
    );
    if (record) checkReadable(record);
    return record;
  }

  /** Does `change` to the record as the operator saw it. Answers whether it was done. */
  async act(
    action: OperatorActionInfo['action'],
    id: string,
    { version, by, reason }: ActionOptions,
    change: (record: StoredRecord, version: string) => Promise<boolean>,
  ): Promise<boolean> {
    const record = await this.find(id);
    const current = record && recordVersion(record);
    const done =
      record !== undefined &&
      current !== undefined &&
      (version ?? current) === current &&
      (await change(record, current));
    const instrumentation = this.#deployment.instrumentation();
    notify(() => instrumentation?.operatorAction?.({ action, id, done, by, reason }));
    return done;
  }

  /** Claims the record at this version, to settle it. Undefined if the record has changed.
   * Throws `IN_PROGRESS` while somebody executes. */
  async claim(
    record: StoredRecord,
    version: string,
    retentionMs: number | null,
  ): Promise<Ownership | undefined> {
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
    const { requests } = this.#deployment;
    const { acquisition } = await requests.acquire(claim, this.#retirement, undefined);
    const { id, token } = claim;
    if (acquisition.status === 'acquired') return { id, token, fence: acquisition.record.fence };
    if (acquisition.record.status === 'in_progress' && acquisition.leaseRemainingMs > 0) {
      throw executing(record.id, acquisition.leaseRemainingMs);
    }
    return undefined;
  }
}

function executing(recordId: string, leaseRemainingMs: number): IdempotencyError {
  const retryAfterMs = Math.ceil(leaseRemainingMs);
  const message = `${recordId} is being executed right now; try again in ${retryAfterMs} ms, or delete the record if its executor will never end`;
  return new IdempotencyError('IN_PROGRESS', message, { recordId, retryAfterMs });
}
