import { encodeOmitted, encodeUnlessTooLarge } from '../codec/index.ts';
import { aboutRecord, IdempotencyError, isIdempotencyError } from '../errors.ts';
import type { Adopted, ForeignClaim } from '../options/adoption.ts';
import type { SettledBy } from '../store.ts';
import { retireStepsOf } from '../workflow/found-steps.ts';
import type { Attempt } from './attempt.ts';
import { type Answer, type Call, ended, unanswered } from './call.ts';
import { type Completion, completeRecord } from './complete-record.ts';
import type { Patience } from './patience.ts';
import { replay } from './replay.ts';
import { settleRecord } from './settle-record.ts';
import { leaseLost, release } from './settlement.ts';
import { prepareToStart } from './unusual-attempt.ts';
import { whileWanted } from './while-wanted.ts';

/** The call is answered, or goes on with what was claimed elsewhere. */
export type Adoptive<T> =
  | { readonly answer: Answer<T>; readonly claim?: never }
  | { readonly answer?: never; readonly claim: ForeignClaim | undefined };

/**
 * Looks for the work in the records of another library, under the lease that was just started. What is
 * done there becomes the record's outcome; what is under way there is waited for as ours would be.
 */
export async function adopt<T>(
  attempt: Attempt,
  patience: Patience | undefined,
): Promise<Adoptive<T>> {
  const { call } = attempt;
  let found: Adopted;
  try {
    found = await look(attempt, patience);
    if (found && 'mismatch' in found) throw refuseMismatch(call);
    if (found && 'inProgressMs' in found) throw refuseInProgress(call, found.inProgressMs);
  } catch (error) {
    attempt.settle();
    await release(attempt, error);
    throw call.info.outcome === undefined
      ? unanswered(call.info, aboutRecord(error, call.claim.id))
      : error;
  }
  if (found && 'completed' in found) return { answer: await complete<T>(attempt, found) };
  const claim = found?.claim;
  try {
    // Asking may have taken long.
    await prepareToStart(attempt);
  } catch (error) {
    await claim?.release();
    throw error;
  }
  return { claim };
}

async function look(attempt: Attempt, patience: Patience | undefined): Promise<Adopted> {
  const { call, deployment } = attempt;
  const { claim, policy } = call;
  const ask = (): Promise<Adopted> =>
    call.adopt!({
      recordId: claim.id,
      operation: claim.operation,
      leaseMs: claim.leaseMs,
      heartbeat: policy.heartbeat,
      onLost: () => attempt.interrupt(lostElsewhere(claim.id)),
    });
  const first = await ask();
  if (!patience || !isUnderWay(first)) return first;
  return whileWanted(deployment, call, patience, async () => {
    let found: Adopted = first;
    while (isUnderWay(found) && !patience.isOver && attempt.isHeld) {
      await patience.pause(deployment.requests.store, claim.id, found.inProgressMs);
      found = await ask();
    }
    return found;
  });
}

function isUnderWay(found: Adopted): found is { readonly inProgressMs: number } {
  return found !== undefined && 'inProgressMs' in found;
}

async function complete<T>(
  attempt: Attempt,
  found: { readonly completed: unknown; readonly settledBy: SettledBy },
): Promise<Answer<T>> {
  const { call, deployment } = attempt;
  const { claim, info, policy, details } = call;
  attempt.settle();
  let completion: Completion;
  try {
    const kept = policy.result === 'omit' ? undefined : found.completed;
    const bytes = encodeUnlessTooLarge(kept, policy.layers.types) ?? encodeOmitted('too_large');
    const { settledBy } = found;
    const outcome = { bytes, retentionMs: policy.retention.completed, settledBy };
    const ownership = { id: claim.id, token: claim.token, fence: info.fence! };
    const prepared = {};
    completion = await settleRecord(deployment, claim.id, attempt, bytes.byteLength, () =>
      completeRecord(deployment.requests, policy, ownership, outcome, details, prepared),
    );
  } catch (error) {
    // What goes on in the background keeps the record meanwhile.
    if (!isIdempotencyError(error, 'STORE_UNAVAILABLE')) attempt.stop();
    throw unanswered(info, aboutRecord(error, claim.id));
  }
  if (!completion) throw leaseLost(attempt, 'it was taken over while it was adopted');
  call.recorded = completion.recorded;
  retireStepsOf(deployment, call);
  return replay<T>(call, completion.record, completion.recorded);
}

function lostElsewhere(id: string): IdempotencyError {
  const message = `the other library's record of ${id} was taken over; another executor may have started, so stop what has an effect`;
  return new IdempotencyError('LEASE_LOST', message, { recordId: id });
}

function refuseMismatch(call: Call): IdempotencyError {
  const { id } = call.claim;
  const message = `${id} was used with another payload, as the record of the other library says; use a new key for new work, or send the same payload again`;
  return ended(
    call.info,
    'mismatch',
    new IdempotencyError('FINGERPRINT_MISMATCH', message, { recordId: id }),
  );
}

function refuseInProgress(call: Call, afterMs: number): IdempotencyError {
  const { id } = call.claim;
  const retryAfterMs = Math.max(1, Math.ceil(afterMs));
  const message = `${id} is being executed with the other library; call again in ${retryAfterMs} ms, or wait for its result with inProgress: 'wait'`;
  return ended(
    call.info,
    'in_progress',
    new IdempotencyError('IN_PROGRESS', message, { recordId: id, retryAfterMs }),
  );
}
