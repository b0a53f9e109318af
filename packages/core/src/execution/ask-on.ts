import type { Acquisition, Claim } from '../store.ts';
import { judgeAbandoned } from './abandoned.ts';
import { type Answer, type Call, unanswered } from './call.ts';
import { checkRecord } from './check-record.ts';
import type { Deployment } from './deployment.ts';
import { refuseInProgress } from './in-progress.ts';
import { patienceOf } from './join-flight.ts';
import type { Patience } from './patience.ts';
import { replay } from './replay.ts';
import { retryAfterMs } from './retry-after.ts';
import type { Faulted, TimedAcquisition } from './store-requests.ts';
import { whileWanted } from './while-wanted.ts';

/** What came of asking so far. */
export type Asked =
  | TimedAcquisition
  /** The store gave no answer. */
  | Faulted<Acquisition>
  /** It was not asked yet. */
  | undefined;

/** The call is answered, or its claim was acquired at last. */
export type AskedOn<T> =
  | { readonly answer: Answer<T> }
  | { readonly answer?: never; readonly acquired: TimedAcquisition };

/**
 * Goes on with a claim that was not acquired at once, and found no completed record: the store is asked again
 * after a fault, somebody else's lease is waited for or told of, and what was abandoned is judged. Only a call
 * that may wait has begun to, at `waitsSince`.
 */
export async function askOn<T>(
  deployment: Deployment,
  call: Call,
  asked: Asked,
  waitsSince: number | undefined,
): Promise<AskedOn<T>> {
  const { requests } = deployment;
  let acquired: TimedAcquisition | undefined;
  try {
    const patience =
      waitsSince === undefined ? undefined : patienceOf(deployment, call, waitsSince);
    let { claim } = call;
    let known = asked;
    for (;;) {
      let answer =
        known && 'acquisition' in known ? known : await acquire(deployment, call, claim, known);
      known = undefined;
      if (patience && isLive(answer)) {
        answer = await waitWhileLive(deployment, call, patience, answer);
      }
      const { acquisition } = answer;
      const { record } = acquisition;
      if (acquisition.status === 'acquired') {
        acquired = answer;
        return { acquired };
      }
      checkRecord(call, record);
      if (record.status === 'completed') return { answer: await replay<T>(call, record) };
      if (isLive(answer)) throw refuseInProgress(call, retryAfterMs(acquisition));
      const verdict = await judgeAbandoned<T>(deployment, call, record);
      if (verdict.answer) return { answer: verdict.answer };
      claim = verdict.claim;
    }
  } finally {
    if (!acquired) requests.disown(call.claim.token);
  }
}

/** Somebody else's turn: their lease is live, or the record just changed hands. */
function isLive({ acquisition }: TimedAcquisition): boolean {
  if (acquisition.status === 'acquired') return false;
  const { status } = acquisition.record;
  return status === 'failed' || (status === 'in_progress' && acquisition.leaseRemainingMs > 0);
}

async function acquire(
  { requests }: Deployment,
  call: Call,
  claim: Claim,
  failed?: Faulted<Acquisition>,
): Promise<TimedAcquisition> {
  try {
    return await (failed
      ? requests.acquireAfter(claim, failed)
      : requests.acquire(claim, call.details));
  } catch (error) {
    throw unanswered(call.info, error);
  }
}

async function waitWhileLive(
  deployment: Deployment,
  call: Call,
  patience: Patience,
  first: TimedAcquisition,
): Promise<TimedAcquisition> {
  const wait = async (): Promise<TimedAcquisition> => {
    let answer = first;
    while (isLive(answer) && !patience.isOver) {
      checkRecord(call, answer.acquisition.record);
      await patience.pause(deployment.requests.store, call.id, answer.acquisition.leaseRemainingMs);
      answer = await acquire(deployment, call, call.claim);
    }
    return answer;
  };
  return whileWanted(deployment, call, patience, wait);
}
