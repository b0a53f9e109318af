import type { Duration } from '../duration.ts';
import { IdempotencyError } from '../errors.ts';
import type { Ownership } from '../execution/complete-record.ts';
import type { Deployment } from '../execution/deployment.ts';
import { HeldLease, settlingLease } from '../execution/held-lease.ts';
import { closedError } from '../execution/lifecycle.ts';
import { checkReadable } from '../execution/replay.ts';
import type { RequestDetails } from '../execution/request.ts';
import { retryAfterMs } from '../execution/retry-after.ts';
import { notify, type OperatorActionInfo } from '../instrumentation.ts';
import {
  checkNames,
  checkOneOf,
  checkText,
  invalidOption,
  shown,
} from '../options/option-checks.ts';
import {
  type Claim,
  RECORD_FORMAT,
  recordVersion,
  type SettledBy,
  type StoredRecord,
} from '../store.ts';

/** Who acts, why, and on which state of the record. */
export interface ActionOptions {
  /** The `version` that the operator saw: the action is done only if it still stands. */
  readonly version?: string | undefined;
  /** Kept in a record that is settled, and reported to instrumentation, as is `reason`. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

/** Of actions on the record of a workflow. */
export interface StepActionOptions extends ActionOptions {
  /**
   * Also its steps. Released or deleted, they are executed again with the workflow; without it they are
   * replayed. Where the workflow is completed, what was left of its steps counts as done without a
   * result, and all of them are kept as long as the workflow. Default `false`.
   */
  readonly steps?: boolean | undefined;
}

/** Also how long what was completed by hand is kept. */
export interface CompleteOptions extends StepActionOptions {
  /** Default `false`: until someone deletes it. */
  readonly retention?: Duration | false | undefined;
}

/** Who settles a record without executing it, as the record tells it. */
export function settledBy({ by = 'operator', reason }: ActionOptions): SettledBy {
  return { by, reason };
}

/** Throws `OPTIONS_INVALID` naming what is wrong with the options of an action. */
export function checkActionOptions(
  options: StepActionOptions,
  where: string,
  more: readonly string[] = [],
): void {
  checkNames(options, ['version', 'by', 'reason', ...more], where);
  if (options.steps !== undefined) checkOneOf(options.steps, [true, false], `${where}: steps`);
  for (const name of ['version', 'by', 'reason'] as const) {
    checkText(options[name], `${where}: ${name}`);
  }
}

/** A record that was claimed to be settled. */
export interface ClaimedRecord extends Ownership {
  readonly lease: HeldLease;
}

// Long enough for the two requests of one action; after a crash between them the record is free again.
const actionLeaseMs = 10_000;

/** What operators do to one record: always to the state that they saw, always reported. */
export class OperatorActions {
  readonly #deployment: Deployment;
  readonly details: RequestDetails;
  #underWay = 0;

  constructor(deployment: Deployment, details: RequestDetails) {
    this.#deployment = deployment;
    this.details = details;
  }

  /** The record as the store has it, whatever version wrote it. */
  look(id: string): Promise<StoredRecord | undefined> {
    const { requests } = this.#deployment;
    return requests.askOnce('get', id, this.details, (request) => requests.store.get(id, request));
  }

  /** The record, if this version of Twiceproof can judge it. Throws `RECORD_CORRUPT` if it cannot. */
  async find(id: string): Promise<StoredRecord | undefined> {
    const record = await this.look(id);
    if (record) checkReadable(record);
    return record;
  }

  /** Does `change` to the record as the operator saw it. Answers whether it was done. */
  act(
    action: OperatorActionInfo['action'],
    id: string,
    options: ActionOptions,
    change: (record: StoredRecord, version: string) => Promise<boolean>,
  ): Promise<boolean> {
    return this.report(action, id, options, async () => {
      const record = await this.find(id);
      const version = record && recordVersion(record);
      if (!record || !version || (options.version ?? version) !== version) return false;
      return change(record, version);
    });
  }

  /** Tells instrumentation who did what, and why. */
  async report(
    action: OperatorActionInfo['action'],
    id: string,
    { by, reason }: ActionOptions,
    change: () => Promise<boolean>,
  ): Promise<boolean> {
    checkId(id);
    const { lifecycle } = this.#deployment;
    // What an execution or an action under way consists of goes on.
    if (lifecycle.isOver || (lifecycle.refuses && this.#underWay === 0)) {
      throw closedError(`records.${action} was called after close()`, id);
    }
    lifecycle.begin();
    this.#underWay++;
    let done: boolean;
    try {
      done = await change();
    } finally {
      this.#underWay--;
      lifecycle.end();
    }
    const instrumentation = this.#deployment.instrumentation();
    notify(() => instrumentation?.operatorAction?.({ action, id, done, by, reason }));
    return done;
  }

  /** Renewed until it is settled. */
  #longLease(claim: Claim, deadline: number): HeldLease {
    const lease = new HeldLease(this.#deployment, claim, deadline, this.details, true);
    lease.start();
    return lease;
  }

  /** Claims the record at this version, to settle it, which takes long where its steps come first. Undefined if the record has changed.
   * Throws `IN_PROGRESS` while somebody executes. */
  async claim(
    record: StoredRecord,
    version: string,
    retentionMs: number | null,
    isLong = false,
  ): Promise<ClaimedRecord | undefined> {
    const claim: Claim = {
      id: record.id,
      environment: record.environment,
      operation: record.operation,
      run: record.run,
      scope: record.scope,
      token: this.#deployment.runtime.token(),
      leaseMs: actionLeaseMs,
      // What waits for a verdict goes on doing so if this process ends before it has given it.
      retentionMs: isHeld(record) ? null : retentionMs,
      fingerprint: record.fingerprint,
      workflow: record.workflow,
      inputDigest: record.inputDigest,
      keyPreview: record.keyPreview,
      inputPreview: record.inputPreview,
      traceparent: record.traceparent,
      abandoned: 'hold',
      supersedes: version,
      settlesOnly: true,
      formatVersion: RECORD_FORMAT,
    };
    const { requests } = this.#deployment;
    const { acquisition, deadline } = await requests.acquire(claim, this.details);
    if (acquisition.status === 'acquired') {
      const { id, token } = claim;
      const { fence } = acquisition.record;
      return {
        id,
        token,
        fence,
        lease: isLong
          ? this.#longLease(claim, deadline)
          : settlingLease(this.#deployment, claim, deadline, this.details),
      };
    }
    if (acquisition.record.status === 'in_progress' && acquisition.leaseRemainingMs > 0) {
      throw executing(record.id, retryAfterMs(acquisition));
    }
    return undefined;
  }
}

function isHeld({ status, expiresAt }: StoredRecord): boolean {
  return status === 'in_progress' && expiresAt === undefined;
}

// What ids are made of, and longer than the longest of them; see recordIdOf.
const idShape = /^[!-~]{1,1500}$/;

/** Throws `OPTIONS_INVALID` for what no record has as its id: stores refuse it in ways of their own. */
export function checkId(id: unknown): asserts id is string {
  if (typeof id === 'string' && idShape.test(id)) return;
  throw invalidOption(`id is ${shown(id)}; give a record id such as 'prod/charge-payment/0/…'`);
}

function executing(recordId: string, afterMs: number): IdempotencyError {
  const message = `${recordId} is being executed right now; try again in ${afterMs} ms, or delete the record if its executor will never end`;
  return new IdempotencyError('IN_PROGRESS', message, { recordId, retryAfterMs: afterMs });
}
