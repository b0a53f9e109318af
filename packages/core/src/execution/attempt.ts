import { encodeError, encodeOmitted, encodeValue, errorNote } from '../codec/index.ts';
import { aboutRecord, IdempotencyError, isIdempotencyError } from '../errors.ts';
import type { EncodedOutcome, Settlement, StoredRecord } from '../store.ts';
import { type Answer, type Call, ended } from './call.ts';
import { completeRecord } from './complete-record.ts';
import { executionStorage, type NestedExecution } from './current-execution.ts';
import type { Deployment } from './deployment.ts';
import type { Flight } from './flights.ts';
import { beatsPerLease, HeldLease } from './held-lease.ts';

/**
 * Runs the function under the lease that was just acquired, and settles the record. Once the function
 * has succeeded the record is never released: it ends completed, or stays owned.
 */
export async function runAttempt<T>(
  deployment: Deployment,
  call: Call,
  acquired: StoredRecord,
  deadline: number,
  flight: Flight | undefined,
  run: () => T | Promise<T>,
): Promise<Answer<T>> {
  const { info, claim } = call;
  info.attempt = acquired.attempt;
  info.fence = acquired.fence;
  info.record = acquired;
  let lossNoted = false;
  const noteLoss = (): void => {
    if (!lossNoted) call.instrumentation?.leaseLost?.(info);
    lossNoted = true;
  };
  const onLost = (): void => {
    noteLoss();
    // The function may go on for ever; what counts is now somewhere else.
    if (flight) deployment.flights.land(claim.id, flight, undefined);
  };
  const lease = holdLease(deployment, call, deadline, onLost);
  let traceparent = claim.traceparent;
  if (!lease.isHeld && !(await renewBeforeStart(lease))) {
    const error = lost(call, noteLoss, 'its lease was over before the function could start');
    // Nothing has happened, so nobody has to find out what did.
    await release(deployment, call, error, traceparent);
    throw error;
  }
  lease.start();
  const execution = new AttemptExecution(acquired, lease);
  // Awaited inside: a result that starts its work when it is awaited belongs to the execution, too.
  const invoke = (): Promise<T> =>
    executionStorage.run(execution, async () => {
      traceparent = call.instrumentation?.traceparent?.() ?? traceparent;
      return await run();
    });
  let value: T;
  try {
    value = await (call.instrumentation?.run ? call.instrumentation.run(info, invoke) : invoke());
  } catch (error) {
    lease.settle();
    await settleFailure(deployment, call, error, traceparent, noteLoss);
    lease.stop();
    throw ended(info, 'failed', error);
  }
  lease.settle();
  try {
    return await settleSuccess(deployment, call, value, traceparent, noteLoss);
  } finally {
    lease.stop();
  }
}

async function settleSuccess<T>(
  deployment: Deployment,
  call: Call,
  value: T,
  traceparent: string | undefined,
  noteLoss: () => void,
): Promise<Answer<T>> {
  const { info, policy } = call;
  let bytes: Uint8Array;
  let refusal: unknown;
  try {
    bytes = encodeValue(value);
    call.instrumentation?.resultEncoded?.(info, bytes.byteLength);
  } catch (error) {
    refusal = error;
    bytes = encodeOmitted('unserializable');
  }
  const outcome = { bytes, retentionMs: policy.retention.completed, traceparent };
  let isMine: boolean;
  try {
    isMine = await complete(deployment, call, outcome);
  } catch (fault) {
    if (policy.storeOutage === 'reject' || !isIdempotencyError(fault, 'STORE_UNAVAILABLE')) {
      throw ended(info, 'store_error', unconfirmed(call.claim.id, fault));
    }
    info.outcome = 'executed';
    info.error = fault;
    return { value, outcome: 'executed', record: undefined };
  }
  if (!isMine) {
    throw lost(
      call,
      noteLoss,
      'it was taken over or deleted while the function ran; the result was not recorded',
    );
  }
  if (refusal !== undefined) throw ended(info, 'executed', aboutRecord(refusal, call.claim.id));
  info.outcome = 'executed';
  return { value, outcome: 'executed', record: info.record };
}

/** Records or releases a failed attempt. Nothing that goes wrong here may hide the user's error. */
async function settleFailure(
  deployment: Deployment,
  call: Call,
  error: unknown,
  traceparent: string | undefined,
  noteLoss: () => void,
): Promise<void> {
  const { policy } = call;
  if (!isRecorded(policy.failure, error)) {
    const settlement = await release(deployment, call, error, traceparent);
    if (settlement?.status === 'lost') noteLoss();
    return;
  }
  try {
    const { bytes, note } = encodeError(error);
    const outcome = {
      bytes,
      retentionMs: policy.retention.failed,
      lastError: note,
      traceparent,
    };
    if (!(await complete(deployment, call, outcome))) noteLoss();
  } catch {
    // The record stays owned until its lease is over; then the next call takes it over.
  }
}

/** Frees the record for the next attempt. Undefined if the store cannot tell: it stays owned then. */
async function release(
  { requests }: Deployment,
  { claim, policy, instrumentation }: Call,
  error: unknown,
  traceparent: string | undefined,
): Promise<Settlement | undefined> {
  const retentionMs = policy.retention.failed;
  const failure = { error: errorNote(error), retentionMs, traceparent };
  try {
    return await requests.release(claim.id, claim.token, failure, instrumentation);
  } catch {
    return undefined;
  }
}

/** Completes the record, and notes it for whoever shares this call's answer. */
async function complete(
  deployment: Deployment,
  call: Call,
  outcome: EncodedOutcome,
): Promise<boolean> {
  const { claim, info, policy, instrumentation } = call;
  const ownership = { id: claim.id, token: claim.token, fence: info.fence! };
  const { requests } = deployment;
  const completion = await completeRecord(requests, policy, ownership, outcome, instrumentation);
  if (completion) info.record = completion.record;
  return completion !== undefined;
}

function isRecorded(failure: Call['policy']['failure'], error: unknown): boolean {
  // A nested call that was only refused for now must not become the outcome for good.
  if (isIdempotencyError(error) && passing.has(error.code)) return false;
  if (typeof failure !== 'function') return failure === 'record';
  try {
    return failure(error) === 'record';
  } catch {
    return false;
  }
}

const passing: ReadonlySet<string> = new Set([
  'IN_PROGRESS',
  'HELD',
  'LEASE_LOST',
  'STORE_UNAVAILABLE',
]);

function holdLease(
  deployment: Deployment,
  call: Call,
  deadline: number,
  onLost: () => void,
): HeldLease {
  const { claim, policy, instrumentation } = call;
  const { delays, requests, runtime } = deployment;
  return new HeldLease({
    id: claim.id,
    clock: runtime.clock,
    beats: delays.of(
      policy.heartbeat ? Math.max(1, Math.floor(claim.leaseMs / beatsPerLease)) : claim.leaseMs,
    ),
    deadline,
    renew: policy.heartbeat
      ? () => requests.renew(claim.id, claim.token, claim.leaseMs, instrumentation)
      : undefined,
    onLost,
  });
}

async function renewBeforeStart(lease: HeldLease): Promise<boolean> {
  try {
    return await lease.renewNow();
  } catch {
    return false;
  }
}

function lost(call: Call, noteLoss: () => void, what: string): IdempotencyError {
  noteLoss();
  const { id } = call.claim;
  const message = `${id}: ${what}; call again to get the outcome that counts`;
  return ended(
    call.info,
    'lease_lost',
    new IdempotencyError('LEASE_LOST', message, { recordId: id }),
  );
}

function unconfirmed(id: string, fault: unknown): IdempotencyError {
  return new IdempotencyError(
    'STORE_UNAVAILABLE',
    `${id}: the function ran to its end, but the store could not confirm that its result was recorded; the record stays owned until it is confirmed or the lease is over, so call again after that`,
    { recordId: id, cause: fault },
  );
}

class AttemptExecution implements NestedExecution {
  readonly record: StoredRecord;
  readonly #lease: HeldLease;
  readonly parent: NestedExecution | undefined = executionStorage.getStore();

  constructor(record: StoredRecord, lease: HeldLease) {
    this.record = record;
    this.#lease = lease;
  }

  get id(): string {
    return this.record.id;
  }
  get operation(): string {
    return this.record.operation;
  }
  get run(): number {
    return this.record.run;
  }
  get attempt(): number {
    return this.record.attempt;
  }
  get fence(): number {
    return this.record.fence;
  }
  get signal(): AbortSignal {
    return this.#lease.signal;
  }
  get downstreamKey(): string {
    return downstreamKeyOf(this.record.id);
  }
}

/** The digest of the record id: it differs between environments, operations, runs and keys, and says nothing of them. */
export function downstreamKeyOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
