import { encodeError, encodeOmitted, encodeUnlessTooLarge, errorNote } from '../codec/index.ts';
import { aboutRecord, IdempotencyError, isIdempotencyError } from '../errors.ts';
import { notify } from '../instrumentation.ts';
import type { ResultVerdict } from '../options/options.ts';
import type { EncodedOutcome, Settlement, StoredRecord } from '../store.ts';
import type { Attempt } from './attempt.ts';
import { type Answer, type Call, ended } from './call.ts';
import { type Completion, completeRecord, type Prepared } from './complete-record.ts';
import { answeredLater, type FailureVerdict } from './failure-verdict.ts';
import { judgeResult, notRecorded } from './result-verdict.ts';
import { settleRecord } from './settle-record.ts';
import type { FirstTry } from './store-requests.ts';

/** What is known already of a result that is to be recorded. */
interface KnownOfResult {
  /** What the caller is told all the same. */
  readonly fault?: unknown;
  readonly encoded?: EncodedResult;
  /** What came of a first try to complete the record. */
  readonly first?: FirstTry<Settlement> | undefined;
}

/** Records the result. Whatever goes wrong from here on, the record is not freed. */
export async function settleSuccess<T>(
  attempt: Attempt,
  value: T,
  { fault: toldAllTheSame, encoded, first }: KnownOfResult,
): Promise<Answer<T>> {
  const { call } = attempt;
  const { info, policy, claim } = call;
  const { bytes, refusal = toldAllTheSame } = encoded ?? encodeResult(call, value);
  let isMine: boolean;
  try {
    isMine = await complete(attempt, outcomeOf(attempt, bytes), first);
  } catch (fault) {
    if (isIdempotencyError(fault) && fault.code !== 'STORE_UNAVAILABLE') {
      throw refused(attempt, fault);
    }
    if (policy.storeOutage === 'reject' || !isIdempotencyError(fault)) {
      throw ended(info, 'store_error', unconfirmed(claim.id, fault));
    }
    info.outcome = 'executed';
    info.error = fault;
    return { value, outcome: 'executed', record: undefined };
  }
  if (!isMine) {
    throw leaseLost(
      attempt,
      'it was taken over or deleted while the function ran; the result was not recorded',
    );
  }
  if (refusal !== undefined) throw ended(info, 'executed', aboutRecord(refusal, claim.id));
  info.outcome = 'executed';
  return { value, outcome: 'executed', record: info.record };
}

/** What is recorded of a function that ended well. */
export function outcomeOf({ call, traceparent }: Attempt, bytes: Uint8Array): EncodedOutcome {
  return { bytes, retentionMs: call.policy.retention.completed, traceparent };
}

/** Records what a function answered after its time, unless somebody has decided meanwhile, or the function
 * said that nobody knows what came of it. What it throws by then says no more than that it was stopped. */
export function completeLate(attempt: Attempt, running: Promise<unknown>): void {
  const { call } = attempt;
  const record = async (value: unknown): Promise<void> => {
    if (attempt.declared || judgeResult(call.policy.verdict, value, attempt.id).is !== 'record')
      return;
    await completion(attempt, outcomeOf(attempt, encodeResult(call, value).bytes), {});
  };
  running.then(record).catch(() => {});
}

/** What is recorded of a result, and why it is not the result itself. */
export interface EncodedResult {
  readonly bytes: Uint8Array;
  readonly refusal?: unknown;
}

export function encodeResult(call: Call, value: unknown): EncodedResult {
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
  attempt: Attempt,
  is: Exclude<ResultVerdict, 'record'>,
): Promise<void> {
  const { info, claim } = attempt.call;
  const settlement = await release(attempt, notRecorded(is, claim.id), is === 'unknown');
  if (settlement?.status === 'lost') attempt.noteLoss();
  if (settlement && 'record' in settlement) info.record = settlement.record;
  info.outcome = is === 'release' ? 'failed' : 'unknown';
}

/** Records or releases a failed attempt, or leaves it as one of which nobody knows. Answers what the caller
 * gets: nothing that goes wrong here may hide the user's error, but for an option that would go wrong
 * every time, with that error as its cause. */
export async function settleFailure(
  attempt: Attempt,
  error: unknown,
  verdict: FailureVerdict,
): Promise<unknown> {
  const { policy, claim } = attempt.call;
  if (verdict.is === 'unknown') {
    await settleUnknown(attempt, verdict.error);
    return error;
  }
  if (verdict.is !== 'record') {
    const settlement = await release(attempt, error);
    if (settlement?.status === 'lost') attempt.noteLoss();
    return verdict.is === 'release' ? error : answeredLater(claim.id, error);
  }
  try {
    const { bytes, note } = encodeError(error, policy.layers.types);
    const retentionMs = policy.retention.failed;
    const outcome = { bytes, retentionMs, lastError: note, traceparent: attempt.traceparent };
    if (!(await complete(attempt, outcome))) attempt.noteLoss();
  } catch {
    // It goes on in the background, or the record stays owned until its lease is over.
  }
  return error;
}

/** Ends the attempt as abandoned, now and with its error: nobody knows whether its effect happened. */
export async function settleUnknown(
  attempt: Attempt,
  cause: unknown,
  isLossTold = true,
): Promise<void> {
  const { info } = attempt.call;
  const settlement = await release(attempt, cause, true);
  if (settlement?.status === 'lost' && isLossTold) attempt.noteLoss();
  if (settlement && 'record' in settlement) info.record = settlement.record;
  ended(info, 'unknown', cause);
}

/** Frees the record for the next attempt, or leaves it to `abandoned` where nobody knows what happened.
 * Undefined if the store cannot tell whether it did. */
export async function release(
  attempt: Attempt,
  error: unknown,
  unknown = false,
): Promise<Settlement | undefined> {
  const { call, deployment, traceparent } = attempt;
  const { claim, policy, details } = call;
  const { id, token } = claim;
  const failure = {
    error: errorNote(error),
    retentionMs: policy.retention.failed,
    unknown,
    traceparent,
  };
  try {
    return await settleRecord(deployment, id, attempt, 0, () =>
      deployment.requests.release(id, token, failure, details),
    );
  } catch {
    return undefined;
  }
}

/** Notes that the record is completed, also for whoever shares this call's answer. */
export function noteCompleted(call: Call, record: StoredRecord, recorded: Uint8Array): void {
  const isSized = record.outcomeBytes !== undefined || record.outcome !== undefined;
  call.info.record = isSized ? record : { ...record, outcomeBytes: recorded.byteLength };
  call.recorded = recorded;
}

/** The store knows what became of the record and says so, e.g. that the effect was undone with it. */
function refused(attempt: Attempt, fault: IdempotencyError): IdempotencyError {
  const isLost = fault.code === 'LEASE_LOST';
  if (isLost) attempt.noteLoss();
  return ended(attempt.call.info, isLost ? 'lease_lost' : 'store_error', fault);
}

/** The answer to a call whose record is no longer its own. */
export function leaseLost(attempt: Attempt, what: string): IdempotencyError {
  attempt.noteLoss();
  const { call, id } = attempt;
  const message = `${id}: ${what}; call again to get the outcome that counts`;
  return ended(
    call.info,
    'lease_lost',
    new IdempotencyError('LEASE_LOST', message, { recordId: id }),
  );
}

/** Completes the record, and notes it for whoever shares this call's answer. False if it is not mine any more. */
async function complete(
  attempt: Attempt,
  outcome: EncodedOutcome,
  first?: FirstTry<Settlement>,
): Promise<boolean> {
  const { call, deployment, id } = attempt;
  const prepared = { first };
  const completed = await settleRecord(deployment, id, attempt, outcome.bytes.byteLength, () =>
    completion(attempt, outcome, prepared),
  );
  if (!completed) return false;
  noteCompleted(call, completed.record, completed.recorded);
  return true;
}

/** One try to complete the record, whoever waits for it. */
async function completion(
  attempt: Attempt,
  outcome: EncodedOutcome,
  prepared: Prepared,
): Promise<Completion> {
  const { claim, info, policy, details } = attempt.call;
  const { id, token } = claim;
  const ownership = { id, token, fence: info.fence! };
  const { requests } = attempt.deployment;
  const completed = await completeRecord(requests, policy, ownership, outcome, details, prepared);
  if (completed) attempt.tellCompleted();
  return completed;
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
