import { IdempotencyError, isIdempotencyError } from '../errors.ts';
import type { StoredRecord } from '../store.ts';
import { judgeAbandoned } from './abandoned.ts';
import { runAttempt } from './attempt.ts';
import { type Answer, type Call, ended, unanswered } from './call.ts';
import { isExecuting } from './current-execution.ts';
import type { Deployment } from './deployment.ts';
import type { Flight, Landing } from './flights.ts';
import { Patience } from './patience.ts';
import { checkReadable, replay } from './replay.ts';
import { retryAfterMs } from './retry-after.ts';
import type { TimedAcquisition } from './store-requests.ts';
import { circleOf, waitFor } from './waits-for.ts';
import { whileWanted } from './while-wanted.ts';

// A flight of this process does not know the end of its lease.
const pauseAfterFlightMs = 1_000;

/**
 * The record state machine, as one call goes through it: acquire → run → complete or release, or the
 * answer of a record that is there already. Nothing runs without an acknowledged claim.
 */
export async function answerCall<T>(
  deployment: Deployment,
  call: Call,
  run: () => T | Promise<T>,
): Promise<Answer<T>> {
  const { claim, policy, info } = call;
  const { flights, lifecycle, runtime } = deployment;
  const { inProgress } = policy;
  const patience =
    inProgress === 'reject' || isExecuting(claim.id)
      ? undefined
      : new Patience(runtime.clock, runtime.random, inProgress.waitMs);

  let flight: Flight | undefined;
  lifecycle.begin();
  try {
    while (patience) {
      const other = flights.get(claim.id);
      // Another fingerprint is the store's to judge.
      if (!other || other.fingerprint !== claim.fingerprint) break;
      const landing = await joinFlight(deployment, call, patience, other);
      if (landing?.outage) {
        info.record = landing.record;
        throw ended(info, 'store_error', landing.outage);
      }
      if (landing) {
        // What another caller was answered is no more than what the store says to this one.
        check(call, landing.record);
        return await replay(call, landing.record, landing.recorded);
      }
      if (patience.isOver) throw refuseInProgress(call, pauseAfterFlightMs);
    }
    flight = flights.open(claim.id, claim.fingerprint);
    return await askStore(deployment, call, patience, flight, run);
  } finally {
    if (info.attempt === undefined) deployment.requests.disown(claim.token);
    if (flight) flights.land(claim.id, flight, landingOf(call));
    lifecycle.end();
  }
}

/** What the end of a call means to those who waited for it. */
function landingOf({ info, recorded }: Call): Landing {
  const { record, outcome, attempt, error } = info;
  if (record?.status === 'completed') return { record, recorded };
  if (outcome !== 'store_error' || attempt !== undefined) return undefined;
  return isIdempotencyError(error) ? { record, outage: error } : undefined;
}

async function askStore<T>(
  deployment: Deployment,
  call: Call,
  patience: Patience | undefined,
  flight: Flight | undefined,
  run: () => T | Promise<T>,
): Promise<Answer<T>> {
  let claim = call.claim;
  for (;;) {
    let answer = await acquire(deployment, call, claim);
    if (patience && isLive(answer)) {
      answer = await waitWhileLive(deployment, call, patience, answer);
    }
    const { acquisition, deadline } = answer;
    const { record } = acquisition;
    if (acquisition.status === 'acquired') {
      return runAttempt(deployment, call, record, deadline, flight, run, patience);
    }
    check(call, record);
    if (record.status === 'completed') return replay(call, record);
    if (isLive(answer)) throw refuseInProgress(call, retryAfterMs(acquisition));
    const verdict = await judgeAbandoned<T>(deployment, call, record);
    if (verdict.answer) return verdict.answer;
    claim = verdict.claim;
  }
}

/** Somebody else's turn: their lease is live, or the record just changed hands. */
function isLive({ acquisition }: TimedAcquisition): boolean {
  if (acquisition.status === 'acquired') return false;
  const { status } = acquisition.record;
  return status === 'failed' || (status === 'in_progress' && acquisition.leaseRemainingMs > 0);
}

async function acquire(
  deployment: Deployment,
  call: Call,
  claim: Call['claim'],
): Promise<TimedAcquisition> {
  try {
    return await deployment.requests.acquire(claim, call.details);
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
      check(call, answer.acquisition.record);
      await patience.pause(
        deployment.requests.store,
        call.claim.id,
        answer.acquisition.leaseRemainingMs,
      );
      answer = await acquire(deployment, call, call.claim);
    }
    return answer;
  };
  return whileWanted(deployment, call, patience, wait);
}

async function joinFlight(
  deployment: Deployment,
  call: Call,
  patience: Patience,
  flight: Flight,
): Promise<Landing> {
  const circle = circleOf(flight);
  if (circle) throw refuseCircle(call, circle);
  const stopWaiting = waitFor(flight);
  try {
    return await whileWanted(deployment, call, patience, () => patience.until(flight.landed));
  } finally {
    stopWaiting();
  }
}

/** Whatever its status, a record must be readable and about the same payload. */
function check(call: Call, record: StoredRecord): void {
  const { claim, info } = call;
  info.record = record;
  try {
    checkReadable(record);
  } catch (error) {
    throw ended(info, 'failed', error);
  }
  if (claim.fingerprint === undefined || record.fingerprint === undefined) return;
  if (claim.fingerprint === record.fingerprint) return;
  const message = `${claim.id} was used with another payload; use a new key for new work, or send the same payload again`;
  throw ended(
    info,
    'mismatch',
    new IdempotencyError('FINGERPRINT_MISMATCH', message, { recordId: claim.id }),
  );
}

/** Each of these calls would wait for the next one, and the last one for the first. */
function refuseCircle(call: Call, ids: readonly string[]): IdempotencyError {
  const { id } = call.claim;
  const waits = ids.map((waiting, at) => `${waiting} waits for ${ids[at + 1] ?? id}`);
  const message = `${id} would never be answered: ${waits.join(', ')}; let one of them not call the other, or not wait for it`;
  return ended(
    call.info,
    'in_progress',
    new IdempotencyError('IN_PROGRESS', message, {
      recordId: id,
      retryAfterMs: pauseAfterFlightMs,
    }),
  );
}

function refuseInProgress(call: Call, afterMs: number): IdempotencyError {
  const { id } = call.claim;
  const message = `${id} is being executed; call again in ${afterMs} ms, or wait for its result with inProgress: 'wait'`;
  return ended(
    call.info,
    'in_progress',
    new IdempotencyError('IN_PROGRESS', message, { recordId: id, retryAfterMs: afterMs }),
  );
}
