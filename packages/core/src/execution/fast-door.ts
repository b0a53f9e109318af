import type { Acquisition, AtOnce, Settlement, StoredRecord } from '../store.ts';
import { adopt } from './adopt.ts';
import { type Asked, askOn } from './ask-on.ts';
import { Attempt } from './attempt.ts';
import type { Answer, Call } from './call.ts';
import { checkRecord } from './check-record.ts';
import { isExecuting } from './current-execution.ts';
import type { Deployment } from './deployment.ts';
import { type Flight, landingOf } from './flights.ts';
import { joinFlight, patienceOf } from './join-flight.ts';
import { refuseLazy } from './lazy-result.ts';
import { replay, replayKept } from './replay.ts';
import { judgeResult, recorded } from './result-verdict.ts';
import { encodeResult, noteCompleted, outcomeOf, settleSuccess } from './settlement.ts';
import type { FirstTry } from './store-requests.ts';
import { failAttempt, prepareToStart, runWatched, settleJudged } from './unusual-attempt.ts';

/**
 * The record state machine, as nearly every call goes through it: a record that is there is replayed, or the
 * claim is acknowledged, the function answers, and its result is recorded. Nothing runs without an
 * acknowledged claim.
 *
 * It is two functions, to be read from top to bottom: what is answered at once, and what takes a promise.
 * Whatever is unusual departs, with all that is known by then, to where it is dealt with at length.
 */
export function answerCall<T>(
  deployment: Deployment,
  call: Call,
  run: () => T | Promise<T>,
): Answer<T> | Promise<Answer<T>> {
  const { lifecycle, requests } = deployment;
  const isOverburdened = requests.isOverburdened;
  // Whoever watches requests is to see them.
  const isWatched = call.instrumentation?.storeOperation !== undefined;
  const acquiring = isWatched || isOverburdened ? undefined : requests.acquiringAtOnce;

  // A record that is completed in this process: nothing is claimed, opened or waited for.
  const { kept } = call;
  const seen = acquiring && lookAtOnce(acquiring, call, kept?.record);
  if (!seen) return claimAndRun(deployment, call, run, acquiring);
  checkRecord(call, seen);
  if (kept?.record === seen) return replayKept<T>(call, kept);
  const replayed = replay<T>(call, seen);
  if (!(replayed instanceof Promise)) {
    call.keep?.(seen, replayed.value);
    return replayed;
  }
  // Departs: what it refers to has to be fetched.
  lifecycle.begin();
  return replayed.finally(() => lifecycle.end());
}

/** `acquiring` is the store where it answers a claim without a promise. */
async function claimAndRun<T>(
  deployment: Deployment,
  call: Call,
  run: () => T | Promise<T>,
  acquiring: AtOnce | undefined,
): Promise<Answer<T>> {
  const { details, fingerprint, id, info, instrumentation, policy, signal } = call;
  const { flights, lifecycle, requests, runtime } = deployment;
  const { store } = requests;
  const isOverburdened = requests.isOverburdened;

  const mayWait = policy.inProgress !== 'reject' && !isExecuting(id);
  let flight: Flight | undefined;
  lifecycle.begin();
  try {
    // Departs: this process is at it, and the caller waits for what comes of that.
    let other = mayWait ? flights.get(id) : undefined;
    // Another fingerprint is the store's to judge.
    while (other && other.fingerprint === fingerprint) {
      const joined = await joinFlight<T>(deployment, call, other);
      if (joined) return joined;
      other = flights.get(id);
    }
    if (mayWait) flight = flights.open(id, fingerprint);

    // The claim.
    const { claim } = call;
    let now = runtime.clock.now();
    const waitsSince = mayWait ? now : undefined;
    let asked: Asked;
    if (!isOverburdened) {
      const request = acquiring ? undefined : requests.open('acquire', details, now);
      let sent: Promise<Acquisition> | undefined;
      try {
        const acquisition = request
          ? await requests.once('acquire', id, request, (options) => {
              sent = store.acquire(claim, options);
              return sent;
            })
          : acquiring!.acquire(claim, details);
        asked = { acquisition, deadline: now + acquisition.leaseRemainingMs };
        if (request) {
          requests.close(request);
          now = runtime.clock.now();
        }
      } catch (fault) {
        // What went wrong at once is asked anew.
        asked = request && { request, sent, fault };
      }
    }
    let acquired = asked && 'acquisition' in asked ? asked : undefined;
    if (acquired?.acquisition.status === 'existing') {
      const { record } = acquired.acquisition;
      checkRecord(call, record);
      if (record.status === 'completed') {
        const replayed = replay<T>(call, record);
        return replayed instanceof Promise ? await replayed : replayed;
      }
    }
    if (acquired?.acquisition.status !== 'acquired') {
      // Departs: no answer, or a record that somebody is executing, has just released, or abandoned.
      const end = await askOn<T>(deployment, call, asked, waitsSince);
      if (end.answer) return end.answer;
      acquired = end.acquired;
      now = runtime.clock.now();
    }

    // The function.
    flight ??= flights.open(id, fingerprint);
    const attempt = new Attempt(deployment, call, acquired, flight);
    if (flight) flight.execution = attempt;
    else flights.board(id, attempt);
    if (!attempt.isAmple(now) || signal?.aborted || lifecycle.isOver) {
      // Departs: too little of the lease is left, or nobody wants the work any more.
      await prepareToStart(attempt);
      now = runtime.clock.now();
    }
    attempt.start(now);
    if (call.adopt) {
      // Departs: another library may have done the work, or may be at it.
      const patience =
        waitsSince === undefined ? undefined : patienceOf(deployment, call, waitsSince);
      const adopted = await adopt<T>(attempt, patience);
      if (adopted.answer) return adopted.answer;
      attempt.elsewhere = adopted.claim;
    }
    let value: T;
    try {
      if (instrumentation?.run || policy.maxDurationMs !== null) {
        // Departs: telemetry around it, or a limit to its time.
        value = await runWatched(attempt, run);
      } else {
        const result = attempt.begin(run);
        value = result instanceof Promise ? await result : result;
        refuseLazy(value, claim.operation, id);
        attempt.end();
      }
    } catch (error) {
      // Departs: it failed.
      throw await failAttempt(attempt, error);
    }
    attempt.settle();

    // Its result. Once the function has succeeded the record is never released: it ends completed, or stays owned.
    const judged = judgeResult(attempt.declared ? undefined : policy.verdict, value, id);
    if (judged !== recorded || attempt.declared || attempt.elsewhere) {
      // Departs: nobody knows what it did, or its result is not to be recorded, or is told elsewhere, too.
      return await settleJudged(attempt, value, judged);
    }
    const encoded = encodeResult(call, value);
    const { bytes, refusal } = encoded;
    const { compression, keyring } = policy.layers;
    let first: FirstTry<Settlement> | undefined;
    if (!compression && !keyring && bytes.byteLength <= policy.maxResultBytes) {
      const outcome = outcomeOf(attempt, bytes);
      const { token } = claim;
      const completing =
        instrumentation?.storeOperation === undefined ? requests.completingAtOnce : undefined;
      const request = completing ? undefined : requests.open('complete', details);
      try {
        const answer = request
          ? await requests.once('complete', id, request, (options) =>
              store.complete(id, token, outcome, options),
            )
          : completing!.complete(id, token, outcome, details);
        first = { answer };
        if (request) requests.close(request);
      } catch (fault) {
        first = request && { request, sent: undefined, fault };
      }
    }
    const settlement = first && 'answer' in first ? first.answer : undefined;
    if (!settlement || !('record' in settlement) || refusal !== undefined) {
      // Departs: no answer, a record that is not mine any more, or a result that cannot be kept as it is.
      return await settleSuccess(attempt, value, { encoded, first });
    }
    requests.completed(claim.token, settlement);
    attempt.stop();
    noteCompleted(call, settlement.record, bytes);
    info.outcome = 'executed';
    attempt.tellCompleted();
    return { value, outcome: 'executed', record: info.record };
  } finally {
    if (flight) flights.land(id, flight, landingOf(call));
    lifecycle.end();
  }
}

/** What goes wrong with a look goes wrong with the claim, which tells of it. */
function lookAtOnce(
  acquiring: AtOnce,
  { details, id }: Call,
  seen: StoredRecord | undefined,
): StoredRecord | undefined {
  try {
    return acquiring.look(id, details, seen);
  } catch {
    return undefined;
  }
}
