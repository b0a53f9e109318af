import type { Acquisition, AtOnce, Settlement, StoredRecord } from '../store.ts';
import { adopt } from './adopt.ts';
import { type Asked, askOn } from './ask-on.ts';
import { Attempt } from './attempt.ts';
import { type Call, itsValue, type Tell } from './call.ts';
import { checkRecord } from './check-record.ts';
import { isExecuting } from './current-execution.ts';
import type { Deployment } from './deployment.ts';
import { type Flight, landingOf } from './flights.ts';
import { joinFlight, patienceOf } from './join-flight.ts';
import { refuseLazy } from './lazy-result.ts';
import { replay, replayKept, replayRead } from './replay.ts';
import { judgeResult, recorded } from './result-verdict.ts';
import { encodeResult, noteCompleted, outcomeOf, settleSuccess } from './settlement.ts';
import type { FirstTry, TimedAcquisition } from './store-requests.ts';
import { failAttempt, prepareToStart, runWatched, settleJudged } from './unusual-attempt.ts';

/**
 * The record state machine, as nearly every call goes through it: a record that is there is replayed, or the
 * claim is acknowledged, the function answers, and its result is recorded. Nothing runs without an
 * acknowledged claim.
 *
 * It is three functions, to be read from top to bottom: what is answered at once, what waits for the claim, and
 * what executes. Each takes up memory only while it waits, so whoever is replayed does not pay for the last one.
 * Whatever is unusual departs, with all that is known by then, to where it is dealt with at length.
 */
export function answerCall<T, Told>(
  deployment: Deployment,
  call: Call,
  run: () => T | Promise<T>,
  tell: Tell<T, Told>,
): Told | Promise<Told> {
  const { flights, lifecycle, requests, runtime } = deployment;
  const { fingerprint, id, kept, policy } = call;
  const isOverburdened = requests.isOverburdened;
  // Whoever watches requests is to see them.
  const isWatched = call.instrumentation?.storeOperation !== undefined;
  const acquiring = isWatched || isOverburdened ? undefined : requests.acquiringAtOnce;

  // A record that is completed in this process: nothing is claimed, opened or waited for.
  const seen = acquiring && lookAtOnce(acquiring, call, kept?.record);
  if (seen) {
    checkRecord(call, seen);
    if (kept?.record === seen) return tell(replayKept<T>(call, kept));
    const replayed = replay<T>(call, seen);
    if (replayed instanceof Promise) {
      // Departs: what it refers to has to be fetched.
      lifecycle.begin();
      return replayed.then(tell).finally(() => lifecycle.end());
    }
    call.keep?.(seen, replayed.value);
    return tell(replayed);
  }

  const mayWait = policy.inProgress !== 'reject' && !isExecuting(id);
  if (!acquiring || (mayWait && flights.get(id))) {
    return claim(deployment, call, run, tell, mayWait, acquiring);
  }

  // A record that is free, or somebody else's, in this process: nothing is waited for either.
  const now = runtime.clock.now();
  const asked = acquireAtOnce(acquiring, call, now);
  if (asked?.acquisition.status !== 'acquired') {
    return claim(deployment, call, run, tell, mayWait, undefined, asked);
  }
  lifecycle.begin();
  const flight = mayWait ? flights.open(id, fingerprint) : undefined;
  return execute(deployment, call, run, tell, asked, flight, now, mayWait ? now : undefined);
}

/** `acquiring` is the store where it answers a claim without a promise, and `asked` what it has answered already. */
async function claim<T, Told>(
  deployment: Deployment,
  call: Call,
  run: () => T | Promise<T>,
  tell: Tell<T, Told>,
  mayWait: boolean,
  acquiring?: AtOnce,
  asked?: Asked,
): Promise<Told> {
  const { flights, lifecycle, requests, runtime } = deployment;
  let flight: Flight | undefined;
  let acquired: TimedAcquisition | undefined;
  let waitsSince: number | undefined;
  lifecycle.begin();
  try {
    // Departs: this process is at it, and the caller waits for what comes of that.
    let other = mayWait ? flights.get(call.id) : undefined;
    // Another fingerprint is the store's to judge.
    while (other && other.fingerprint === call.fingerprint) {
      const joined = await joinFlight<T>(deployment, call, other);
      if (joined) return tell(joined);
      other = flights.get(call.id);
    }
    if (mayWait) flight = flights.open(call.id, call.fingerprint);

    const now = runtime.clock.now();
    if (mayWait) waitsSince = now;
    if (acquiring) asked = acquireAtOnce(acquiring, call, now);
    if (!asked && !requests.isOverburdened) {
      const request = requests.open('acquire', call.details, now);
      try {
        const acquisition = await requests.acquireOnce(call.claim, request);
        requests.close(request);
        asked = { acquisition, deadline: now + acquisition.leaseRemainingMs };
      } catch (fault) {
        asked = { request, sent: request.sent as Promise<Acquisition> | undefined, fault };
      }
    }
    if (asked && 'acquisition' in asked) {
      const { record, status } = asked.acquisition;
      if (status === 'acquired') acquired = asked;
      else checkRecord(call, record);
      if (status === 'existing' && record.status === 'completed') {
        const replayed = replayRead<T>(call, record);
        return tell(replayed instanceof Promise ? await replayed : replayed);
      }
    }
    if (!acquired) {
      // Departs: no answer, or a record that somebody is executing, has just released, or abandoned.
      const end = await askOn<T>(deployment, call, asked, waitsSince);
      if (end.answer) return tell(end.answer);
      acquired = end.acquired;
    }
  } finally {
    if (!acquired) leave(deployment, call, flight);
  }
  const startsAt = runtime.clock.now();
  return await execute(deployment, call, run, tell, acquired, flight, startsAt, waitsSince);
}

/** Runs the function of a claim that is acknowledged, at `now`, and records its result. Only a call that may wait
 * has begun to, at `waitsSince`. */
async function execute<T, Told>(
  deployment: Deployment,
  call: Call,
  run: () => T | Promise<T>,
  tell: Tell<T, Told>,
  acquired: TimedAcquisition,
  opened: Flight | undefined,
  now: number,
  waitsSince: number | undefined,
): Promise<Told> {
  const { claim, id, info, instrumentation, policy } = call;
  const { flights, lifecycle, requests, runtime } = deployment;
  const flight = opened ?? flights.open(id, call.fingerprint);
  try {
    const attempt = new Attempt(deployment, call, acquired, flight);
    if (flight) flight.execution = attempt;
    else flights.board(id, attempt);
    if (!attempt.isAmple(now) || call.signal?.aborted || lifecycle.isOver) {
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
      if (adopted.answer) return tell(adopted.answer);
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
      return tell(await settleJudged(attempt, value, judged));
    }
    const encoded = encodeResult(call, value);
    const { bytes, refusal } = encoded;
    const { compression, keyring } = policy.layers;
    let first: FirstTry<Settlement> | undefined;
    if (!compression && !keyring && bytes.byteLength <= policy.maxResultBytes) {
      const outcome = outcomeOf(attempt, bytes);
      const completing =
        instrumentation?.storeOperation === undefined ? requests.completingAtOnce : undefined;
      const request = completing ? undefined : requests.open('complete', call.details);
      try {
        const answer = request
          ? await requests.completeOnce(claim, outcome, request)
          : completing!.complete(id, claim.token, outcome, call.details);
        first = { answer };
        if (request) requests.close(request);
      } catch (fault) {
        first = request && { request, sent: undefined, fault };
      }
    }
    const settlement = first && 'answer' in first ? first.answer : undefined;
    if (!settlement || !('record' in settlement) || refusal !== undefined) {
      // Departs: no answer, a record that is not mine any more, or a result that cannot be kept as it is.
      return tell(await settleSuccess(attempt, value, { encoded, first }));
    }
    requests.completed(claim.token, settlement);
    attempt.stop();
    // Most callers get the value alone, and a store may make the record for who looks at it.
    if ((tell as unknown) !== itsValue || instrumentation || flight?.isJoined) {
      noteCompleted(call, settlement.record, bytes);
    }
    info.outcome = 'executed';
    attempt.tellCompleted();
    return tell({ value, outcome: 'executed', record: info.record });
  } finally {
    leave(deployment, call, flight);
  }
}

/** The call has ended, and its flight with it. */
function leave({ flights, lifecycle }: Deployment, call: Call, flight: Flight | undefined): void {
  if (flight) flights.land(flight, landingOf(call));
  lifecycle.end();
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

/** Undefined where something went wrong at once: that is asked anew. */
function acquireAtOnce(acquiring: AtOnce, call: Call, now: number): TimedAcquisition | undefined {
  try {
    const acquisition = acquiring.acquire(call.claim, call.details);
    return { acquisition, deadline: now + acquisition.leaseRemainingMs };
  } catch {
    return undefined;
  }
}
