import { encodeOmitted, encodeValue, errorNote } from '../codec/index.ts';
import { durationMs } from '../duration.ts';
import { aboutRecord, IdempotencyError, isIdempotencyError } from '../errors.ts';
import { completeRecord } from '../execution/complete-record.ts';
import type { Deployment } from '../execution/deployment.ts';
import { forgetKnownKeys } from '../execution/known-keys.ts';
import { discardOffloaded } from '../execution/outcome-layers.ts';
import type { RequestDetails } from '../execution/request.ts';
import { settleRecord } from '../execution/settle-record.ts';
import { invalidOption } from '../options/option-checks.ts';
import type { Policy } from '../options/policy.ts';
import { type EncodedOutcome, recordVersion, type StoredRecord } from '../store.ts';
import { isWorkflow, retireFoundSteps } from '../workflow/found-steps.ts';
import {
  type ActionOptions,
  type ClaimedRecord,
  type CompleteOptions,
  type OperatorActions,
  type StepActionOptions,
  settledBy,
} from './operator-action.ts';
import type { IdempotencyRecord } from './record.ts';
import { changeSteps } from './workflow-steps.ts';

/** What can be done by hand to a record that was seen at a version. Each answers whether it was done. */
export class RecordChanges {
  readonly #deployment: Deployment;
  readonly #details: RequestDetails;
  readonly #policy: Policy;
  readonly #actions: OperatorActions;

  constructor(
    deployment: Deployment,
    details: RequestDetails,
    policy: Policy,
    actions: OperatorActions,
  ) {
    this.#deployment = deployment;
    this.#details = details;
    this.#policy = policy;
    this.#actions = actions;
  }

  /** Releases the record as it is now; without one, the steps that it has left. */
  async releaseSeen(id: string, own: StepActionOptions): Promise<boolean> {
    const record = await this.#actions.find(id);
    if (!record) return own.version === undefined && this.#releaseSteps(id, undefined, own);
    const version = recordVersion(record);
    return (own.version ?? version) === version && this.release(record, version, own);
  }

  async release(record: StoredRecord, version: string, own: StepActionOptions): Promise<boolean> {
    if (record.status === 'failed' && !own.steps) return true;
    const { requests } = this.#deployment;
    const { retention, layers } = this.#policy;
    const mine = await this.#actions.claim(record, version, retention.failed, own.steps);
    if (!mine) return false;
    const error = errorNote({ name: 'Released', message: own.reason ?? 'released by an operator' });
    const note = {
      error,
      retentionMs: retention.failed,
      settledBy: settledBy(own),
      traceparent: record.traceparent,
    };
    return this.#afterSteps(
      mine,
      () => this.#releaseSteps(record.id, mine, own),
      () =>
        settleRecord(this.#deployment, mine.id, mine.lease, 0, async () => {
          const settlement = await requests.release(mine.id, mine.token, note, this.#details);
          const done = settlement?.status === 'done' || settlement?.status === 'already_done';
          if (done) await discardOffloaded(layers, record.outcome, record.id);
          return done;
        }),
    );
  }

  async complete(
    record: StoredRecord,
    version: string,
    value: unknown,
    own: CompleteOptions,
  ): Promise<boolean> {
    const { id } = record;
    if (record.status === 'completed') {
      throw invalidOption(
        `${id} is completed already, and its outcome never changes; delete the record first`,
      );
    }
    const { retention = false } = own;
    const retentionMs =
      retention === false ? null : durationMs(retention, 'records.complete: retention');
    const bytes = this.#encoded(id, value);
    const outcome = { bytes, retentionMs, settledBy: settledBy(own) };
    const mine = await this.#actions.claim(record, version, retentionMs, own.steps);
    if (!mine) return false;
    return this.#afterSteps(
      mine,
      async () => own.steps && this.#completeSteps(id, mine, outcome, own),
      async () => {
        const completion = await this.#settle(mine, outcome);
        // With its steps, all of them are kept like that already.
        if (completion && !own.steps && isWorkflow(record)) {
          const { retirement } = this.#policy;
          await retireFoundSteps(this.#deployment, id, retentionMs, retirement);
        }
        if (completion?.kept !== false) return completion !== undefined;
        const message = `${id} is completed, but without the value, which is too large to keep`;
        throw new IdempotencyError('RESULT_OMITTED', message, { recordId: id });
      },
    );
  }

  async extend(id: string, version: string, ms: number | null): Promise<boolean> {
    const { requests } = this.#deployment;
    const { store } = requests;
    if (!store.extend) throw invalidOption(`store '${store.name}' cannot extend records`);
    const changed = await requests.askOnce('extend', id, { ...this.#details, version }, (request) =>
      store.extend!(id, ms, request),
    );
    return changed !== undefined;
  }

  /** Whatever the record is: deleting it is what helps against one that cannot be read. */
  async remove(id: string, { steps, ...own }: StepActionOptions): Promise<boolean> {
    const { version } = own;
    const record = await this.#lookPastDamage(id, version);
    if (version !== undefined && record?.version !== version) return false;
    const areStepsGone =
      steps === true &&
      (await changeSteps(this.#deployment, this.#details, id, undefined, (step, seen) =>
        this.#actions.report('delete', step.id, own, () => this.#delete(step, seen)),
      ));
    return record ? this.#delete({ id, ...record }, version) : areStepsGone;
  }

  /** What somebody executes is not removed: it throws `IN_PROGRESS`, as only the store can tell. */
  async removeIdle(record: StoredRecord, version: string): Promise<boolean> {
    if (record.status !== 'in_progress') return this.#delete(record, version);
    const mine = await this.#actions.claim(record, version, this.#policy.retention.failed);
    if (!mine) return false;
    mine.lease.settle();
    const claimed = recordVersion({ fence: mine.fence, status: 'in_progress' });
    return settleRecord(this.#deployment, mine.id, mine.lease, 0, () =>
      this.#delete(record, claimed),
    );
  }

  async #delete(
    { id, outcome }: Pick<StoredRecord, 'id' | 'outcome'>,
    version: string | undefined,
  ): Promise<boolean> {
    const { requests } = this.#deployment;
    const done = await requests.askOnce('delete', id, { ...this.#details, version }, (request) =>
      requests.store.delete(id, request),
    );
    if (!done) return false;
    // It may have been deleted for what is in it.
    forgetKnownKeys();
    await discardOffloaded(this.#policy.layers, outcome, id);
    return true;
  }

  /** The workflow is settled whatever became of its steps: it must not stay claimed. */
  async #afterSteps(
    mine: ClaimedRecord,
    change: () => Promise<unknown>,
    settle: () => Promise<boolean>,
  ): Promise<boolean> {
    let failure: { readonly error: unknown } | undefined;
    try {
      await change();
    } catch (error) {
      failure = { error };
    }
    mine.lease.settle();
    const done = await settle();
    if (failure) throw failure.error;
    return done;
  }

  async #releaseSteps(
    workflow: string,
    mine: ClaimedRecord | undefined,
    { steps, ...own }: StepActionOptions,
  ): Promise<boolean> {
    if (!steps) return false;
    return changeSteps(this.#deployment, this.#details, workflow, mine, (step, version) =>
      this.#actions.report('release', step.id, own, () => this.release(step, version, own)),
    );
  }

  /** Nothing of a workflow that is done is to be executed again: what was left of it counts as done. */
  async #completeSteps(
    workflow: string,
    mine: ClaimedRecord,
    { retentionMs, settledBy }: EncodedOutcome,
    own: ActionOptions,
  ): Promise<boolean> {
    const nothing = { bytes: encodeOmitted('unserializable'), retentionMs, settledBy };
    return changeSteps(this.#deployment, this.#details, workflow, mine, async (step, version) => {
      if (step.status === 'completed') return this.extend(step.id, version, retentionMs);
      return this.#actions.report('complete', step.id, own, async () => {
        const claimed = await this.#actions.claim(step, version, retentionMs);
        return claimed !== undefined && (await this.#settle(claimed, nothing)) !== undefined;
      });
    });
  }

  #settle(mine: ClaimedRecord, outcome: EncodedOutcome): ReturnType<typeof completeRecord> {
    const prepared = {};
    const { byteLength } = outcome.bytes;
    const { requests } = this.#deployment;
    return settleRecord(this.#deployment, mine.id, mine.lease, byteLength, () =>
      completeRecord(requests, this.#policy, mine, outcome, this.#details, prepared),
    );
  }

  #encoded(recordId: string, value: unknown): Uint8Array {
    try {
      return encodeValue(value, this.#policy.layers.types);
    } catch (error) {
      throw aboutRecord(error, recordId);
    }
  }

  /** The outcome bytes of a record that is not known to be readable, with its version if it is. */
  async #lookPastDamage(
    id: string,
    version: string | undefined,
  ): Promise<Partial<Pick<IdempotencyRecord, 'version'> & StoredRecord> | undefined> {
    try {
      const record = await this.#actions.look(id);
      return record && { outcome: record.outcome, version: recordVersion(record) };
    } catch (error) {
      if (version !== undefined || !isIdempotencyError(error, 'RECORD_CORRUPT')) throw error;
      return {};
    }
  }
}
