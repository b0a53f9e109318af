import { encodeError, encodeOmitted, encodeUnlessTooLarge, errorNote } from '../codec/index.ts';
import { aboutRecord, IdempotencyError, isIdempotencyError } from '../errors.ts';
import { notify } from '../instrumentation.ts';
import type { ResultVerdict } from '../options/options.ts';
import type { EncodedOutcome, Settlement } from '../store.ts';
import { type Answer, type Call, ended } from './call.ts';
import { completeRecord } from './complete-record.ts';
import type { Deployment } from './deployment.ts';
import { answeredLater, type FailureVerdict } from './failure-verdict.ts';
import type { HeldLease } from './held-lease.ts';
import { judgeResult, notRecorded } from './result-verdict.ts';
import { settleRecord } from './settle-record.ts';

/** How a function ended well. `fault` is what the caller is told all the same. */
interface EndedRun<T> {
  readonly value: T;
  readonly fault: unknown;
  readonly traceparent: string | undefined;
}

/** Records the result. Whatever goes wrong from here on, the record is not freed. */
export async function settleSuccess<T>(
  deployment: Deployment,
  call: Call,
  lease: HeldLease,
  { value, fault: toldAllTheSame, traceparent }: EndedRun<T>,
  noteLoss: () => void,
): Promise<Answer<T>> {
  const { info, policy } = call;
  const { bytes, refusal = toldAllTheSame } = encodeResult(call, value);
  const outcome = { bytes, retentionMs: policy.retention.completed, traceparent };
  let isMine: boolean;
  try {
    isMine = await complete(deployment, call, lease, outcome);
  } catch (fault) {
    if (isIdempotencyError(fault) && fault.code !== 'STORE_UNAVAILABLE') {
      throw refused(call, noteLoss, fault);
    }
    if (policy.storeOutage === 'reject' || !isIdempotencyError(fault)) {
      throw ended(info, 'store_error', unconfirmed(call.claim.id, fault));
    }
    info.outcome = 'executed';
    info.error = fault;
    return { value, outcome: 'executed', record: undefined };
  }
  if (!isMine) {
    throw leaseLost(
      call,
      noteLoss,
      'it was taken over or deleted while the function ran; the result was not recorded',
    );
  }
  if (refusal !== undefined) throw ended(info, 'executed', aboutRecord(refusal, call.claim.id));
  info.outcome = 'executed';
  return { value, outcome: 'executed', record: info.record };
}

/** Records what a function answered after its time, unless somebody has decided meanwhile. What it throws
 * by then says no more than that it was stopped. */
export function completeLate(
  { requests }: Deployment,
  call: Call,
  running: Promise<unknown>,
  traceparent: string | undefined,
): void {
  const { claim, info, policy, details } = call;
  const { id, token } = claim;
  const record = async (value: unknown): Promise<void> => {
    if (judgeResult(policy.verdict, value, id).is !== 'record') return;
    const { bytes } = encodeResult(call, value);
    const outcome = { bytes, retentionMs: policy.retention.completed, traceparent };
    await completeRecord(requests, policy, { id, token, fence: info.fence! }, outcome, details, {});
  };
  running.then(record).catch(() => {});
}

/** What is recorded of a result, and why it is not the result itself. */
function encodeResult(
  call: Call,
  value: unknown,
): { readonly bytes: Uint8Array; readonly refusal?: unknown } {
  const { policy } = call;
  try {
    const kept = encodeUnlessTooLarge(
      policy.result === 'omit' ? undefined : value,
      policy.layers.types,
    );
    if (kept) noteSize(call, kept.byteLength);
    return { bytes: kept ?? encodeOmitted('too_large') };
  } catch (refusal) {
    return { bytes: encodeOmitted('unserializable'), refusal };
  }
}

/** Ends an attempt whose result is the caller's, and not to be recorded. */
export async function settleUnrecorded(
  deployment: Deployment,
  call: Call,
  lease: HeldLease,
  is: Exclude<ResultVerdict, 'record'>,
  traceparent: string | undefined,
  noteLoss: () => void,
): Promise<void> {
  const { info, claim } = call;
  const note = notRecorded(is, claim.id);
  const settlement = await release(deployment, call, lease, note, traceparent, is === 'unknown');
  if (settlement?.status === 'lost') noteLoss();
  if (settlement && 'record' in settlement) info.record = settlement.record;
  info.outcome = is === 'release' ? 'failed' : 'unknown';
}

/** How a function failed, and what is to become of its record. */
interface FailedRun {
  readonly error: unknown;
  readonly verdict: FailureVerdict;
  readonly traceparent: string | undefined;
}

/** Records or releases a failed attempt, or leaves it as one of which nobody knows. Answers what the caller
 * gets: nothing that goes wrong here may hide the user's error, but for an option that would go wrong
 * every time, with that error as its cause. */
export async function settleFailure(
  deployment: Deployment,
  call: Call,
  lease: HeldLease,
  { error, verdict, traceparent }: FailedRun,
  noteLoss: () => void,
): Promise<unknown> {
  const { policy, claim } = call;
  if (verdict.is === 'unknown') {
    await settleUnknown(deployment, call, lease, verdict.error, traceparent, noteLoss);
    return error;
  }
  if (verdict.is !== 'record') {
    const settlement = await release(deployment, call, lease, error, traceparent);
    if (settlement?.status === 'lost') noteLoss();
    return verdict.is === 'release' ? error : answeredLater(claim.id, error);
  }
  try {
    const { bytes, note } = encodeError(error, policy.layers.types);
    const retentionMs = policy.retention.failed;
    const outcome = { bytes, retentionMs, lastError: note, traceparent };
    if (!(await complete(deployment, call, lease, outcome))) noteLoss();
  } catch {
    // It goes on in the background, or the record stays owned until its lease is over.
  }
  return error;
}

/** Ends the attempt as abandoned, now and with its error: nobody knows whether its effect happened. */
export async function settleUnknown(
  deployment: Deployment,
  call: Call,
  lease: HeldLease,
  cause: unknown,
  traceparent: string | undefined,
  noteLoss: () => void,
): Promise<void> {
  const { info } = call;
  const settlement = await release(deployment, call, lease, cause, traceparent, true);
  if (settlement?.status === 'lost') noteLoss();
  if (settlement && 'record' in settlement) info.record = settlement.record;
  ended(info, 'unknown', cause);
}

/** Frees the record for the next attempt, or leaves it to `abandoned` where nobody knows what happened.
 * Undefined if the store cannot tell whether it did. */
export async function release(
  deployment: Deployment,
  { claim, policy, details }: Call,
  lease: HeldLease,
  error: unknown,
  traceparent: string | undefined,
  unknown = false,
): Promise<Settlement | undefined> {
  const { id, token } = claim;
  const failure = {
    error: errorNote(error),
    retentionMs: policy.retention.failed,
    unknown,
    traceparent,
  };
  try {
    return await settleRecord(deployment, id, lease, 0, () =>
      deployment.requests.release(id, token, failure, details),
    );
  } catch {
    return undefined;
  }
}

/** The store knows what became of the record and says so, e.g. that the effect was undone with it. */
function refused(call: Call, noteLoss: () => void, fault: IdempotencyError): IdempotencyError {
  const isLost = fault.code === 'LEASE_LOST';
  if (isLost) noteLoss();
  return ended(call.info, isLost ? 'lease_lost' : 'store_error', fault);
}

/** The answer to a call whose record is no longer its own. */
export function leaseLost(call: Call, noteLoss: () => void, what: string): IdempotencyError {
  noteLoss();
  const { id } = call.claim;
  const message = `${id}: ${what}; call again to get the outcome that counts`;
  return ended(
    call.info,
    'lease_lost',
    new IdempotencyError('LEASE_LOST', message, { recordId: id }),
  );
}

/** Completes the record, and notes it for whoever shares this call's answer. */
async function complete(
  deployment: Deployment,
  call: Call,
  lease: HeldLease,
  outcome: EncodedOutcome,
): Promise<boolean> {
  const { claim, info, policy, details } = call;
  const { id, token } = claim;
  const ownership = { id, token, fence: info.fence! };
  const { requests } = deployment;
  const prepared = {};
  const completion = await settleRecord(deployment, id, lease, outcome.bytes.byteLength, () =>
    completeRecord(requests, policy, ownership, outcome, details, prepared),
  );
  if (!completion) return false;
  info.record = completion.record;
  call.recorded = completion.recorded;
  return true;
}

function noteSize({ info, instrumentation }: Call, bytes: number): void {
  if (instrumentation?.resultEncoded) notify(() => instrumentation.resultEncoded!(info, bytes));
}

function unconfirmed(id: string, fault: unknown): IdempotencyError {
  return new IdempotencyError(
    'STORE_UNAVAILABLE',
    `${id}: the function ran to its end, but the store could not confirm that its result was recorded; this process goes on trying and keeps the record meanwhile, so call again later`,
    { recordId: id, cause: fault },
  );
}
