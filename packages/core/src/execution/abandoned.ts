import { encodeOmitted, encodeUnlessTooLarge } from '../codec/index.ts';
import { aboutRecord, IdempotencyError } from '../errors.ts';
import type { ProbeAnswer } from '../options/probe.ts';
import { type Claim, recordVersion, type StoredRecord } from '../store.ts';
import { retireStepsOf } from '../workflow/found-steps.ts';
import { askProbe } from './ask-probe.ts';
import { type Answer, type Call, ended, unanswered } from './call.ts';
import { type Completion, completeRecord } from './complete-record.ts';
import type { Deployment } from './deployment.ts';
import { settlingLease } from './held-lease.ts';
import { replay } from './replay.ts';
import { settleRecord } from './settle-record.ts';

/** The call is answered, or the record is to be claimed again with this claim. */
export type AbandonedVerdict<T> =
  | { readonly answer: Answer<T>; readonly claim?: never }
  | { readonly answer?: never; readonly claim: Claim };

/**
 * Decides what becomes of an attempt whose lease ended without a settlement: nobody knows whether its
 * effect happened. The probe may know; otherwise the record is held for an operator.
 */
export async function judgeAbandoned<T>(
  deployment: Deployment,
  call: Call,
  record: StoredRecord,
): Promise<AbandonedVerdict<T>> {
  const { claim, policy } = call;
  if (policy.abandoned === 'reexecute') return { claim };
  if (policy.abandoned === 'hold') throw refuseHeld(call, record);
  let found: ProbeAnswer;
  try {
    found = await askProbe(policy.abandoned, record);
  } catch (error) {
    throw ended(call.info, 'held', error);
  }
  if (found === 'hold') throw refuseHeld(call, record);
  // Only the attempt that was probed may be taken over: another one knows nothing of it.
  const takeover = { ...claim, supersedes: recordVersion(record) };
  if (found === 'reexecute') return { claim: takeover };
  return completeFound<T>(deployment, call, takeover, found.completed);
}

async function completeFound<T>(
  deployment: Deployment,
  call: Call,
  takeover: Claim,
  value: unknown,
): Promise<AbandonedVerdict<T>> {
  const { requests, runtime } = deployment;
  const { policy, info, details } = call;
  let bytes: Uint8Array;
  try {
    const kept = policy.result === 'omit' ? undefined : value;
    bytes = encodeUnlessTooLarge(kept, policy.layers.types) ?? encodeOmitted('too_large');
  } catch (error) {
    throw ended(info, 'held', aboutRecord(error, takeover.id));
  }
  let completion: Completion;
  try {
    // With a token of its own: the call may go on to claim the record for itself.
    const claim = { ...takeover, token: runtime.token(), settlesOnly: true };
    const { acquisition, deadline } = await requests.acquire(claim, details);
    if (acquisition.status !== 'acquired') return { claim: call.claim };
    const { id, token } = claim;
    const ownership = { id, token, fence: acquisition.record.fence };
    const retentionMs = policy.retention.completed;
    const outcome = { bytes, retentionMs, settledBy: { by: 'probe' } };
    const prepared = {};
    const lease = settlingLease(deployment, claim, deadline, details);
    completion = await settleRecord(deployment, id, lease, bytes.byteLength, () =>
      completeRecord(requests, policy, ownership, outcome, details, prepared),
    );
  } catch (error) {
    throw unanswered(info, error);
  }
  if (!completion) return { claim: call.claim };
  call.recorded = completion.recorded;
  retireStepsOf(deployment, call);
  return { answer: await replay<T>(call, completion.record, completion.recorded) };
}

function refuseHeld(call: Call, record: StoredRecord): IdempotencyError {
  const { id } = call.claim;
  const { lastError } = record;
  const how = lastError
    ? `its latest attempt ended with ${lastError.name}, and nobody knows whether its effect happened`
    : 'its latest attempt crashed';
  const message = `${id} is held: ${how}; find out whether its effect happened, then records.complete(id, value) or records.release(id)`;
  return ended(call.info, 'held', new IdempotencyError('HELD', message, { recordId: id }));
}
