import { sleep } from '../clock.ts';
import { isIdempotencyError } from '../errors.ts';
import { notify } from '../instrumentation.ts';
import { processState } from '../process-state.ts';
import type { StoredRecord } from '../store.ts';
import { accountFor } from '../unknown/accounted-errors.ts';
import { adopt } from './adopt.ts';
import { AttemptExecution } from './attempt-execution.ts';
import { type Answer, type Call, ended } from './call.ts';
import type { Deployment } from './deployment.ts';
import { verdictOn } from './failure-verdict.ts';
import type { Flight } from './flights.ts';
import { type HeldLease, holdLease } from './held-lease.ts';
import { refuseLazy } from './lazy-result.ts';
import { closedError } from './lifecycle.ts';
import { Overdue, withinDuration } from './max-duration.ts';
import type { Patience } from './patience.ts';
import { judgeResult } from './result-verdict.ts';
import {
  completeLate,
  leaseLost,
  release,
  settleFailure,
  settleSuccess,
  settleUnknown,
  settleUnrecorded,
} from './settlement.ts';

const renewalPauseMs = 25;

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
  patience?: Patience,
): Promise<Answer<T>> {
  const { info, claim, policy, details, instrumentation } = call;
  const { lifecycle, runtime } = deployment;
  info.attempt = acquired.attempt;
  info.fence = acquired.fence;
  info.record = acquired;
  let lossNoted = false;
  const noteLoss = (): void => {
    if (!lossNoted) notify(() => instrumentation?.leaseLost?.(info));
    lossNoted = true;
  };
  const onLost = (): void => {
    noteLoss();
    // The function may go on for ever; what counts is now somewhere else.
    if (flight) deployment.flights.land(claim.id, flight, undefined);
  };
  const lease = holdLease(deployment, claim, deadline, details, policy.heartbeat, onLost);
  let { traceparent } = claim;
  if ((!lease.isHeld || lease.isShort) && !(await renewBeforeStart(deployment, lease))) {
    const error = leaseLost(call, noteLoss, 'its lease was over before the function could start');
    // Nothing has happened, so nobody has to find out what did.
    await release(deployment, call, lease, error, traceparent);
    throw error;
  }
  if (call.signal?.aborted || lifecycle.isOver) {
    const error = call.signal?.aborted
      ? call.signal.reason
      : closedError(`${claim.id} was claimed too late to be executed`, claim.id);
    await release(deployment, call, lease, error, traceparent);
    throw ended(info, 'failed', error);
  }
  lease.start();
  const adopted = call.adopt && (await adopt<T>(deployment, call, lease, patience, noteLoss));
  if (adopted?.answer) return adopted.answer;
  const elsewhere = adopted?.claim;
  if (adopted && !lease.isHeld) {
    await elsewhere?.release();
    const error = leaseLost(call, noteLoss, 'its lease was over before the function could start');
    await release(deployment, call, lease, error, traceparent);
    throw error;
  }
  const execution = new AttemptExecution(info, acquired, lease);
  if (flight) flight.execution = execution;
  const invoke = (): Promise<T> =>
    processState.executions.run(execution, async () => {
      traceparent = instrumentation?.traceparent?.() ?? traceparent;
      try {
        // Awaited in here: a result that starts its work when it is awaited is a part of it, too.
        const value = await run();
        refuseLazy(value, claim.operation, claim.id);
        return value;
      } finally {
        execution.end();
      }
    });
  let value: T;
  try {
    const running = instrumentation?.run ? watched(call, invoke) : invoke();
    value = await (policy.maxDurationMs === null
      ? running
      : withinDuration(runtime.clock, claim.id, policy.maxDurationMs, running));
  } catch (error) {
    if (error instanceof Overdue) {
      const { error: timedOut, running } = error;
      lease.end(timedOut);
      elsewhere?.leave();
      completeLate(deployment, call, running, traceparent);
      await settleUnknown(deployment, call, lease, timedOut, traceparent, () => {});
      throw ended(info, 'timed_out', timedOut);
    }
    lease.settle();
    const verdict = verdictOn(policy.failure, error, execution);
    if (verdict.is === 'unknown') accountFor(error, execution);
    if (verdict.is === 'unknown') elsewhere?.leave();
    else await elsewhere?.release();
    const how = { error, verdict, traceparent };
    const thrown = await settleFailure(deployment, call, lease, how, noteLoss);
    if (info.record?.status === 'completed') tellCompleted(deployment, execution);
    throw ended(info, verdict.is === 'unknown' ? 'unknown' : 'failed', thrown);
  }
  lease.settle();
  if (execution.declared) {
    const { cause } = execution.declared;
    elsewhere?.leave();
    await settleUnknown(deployment, call, lease, cause, traceparent, noteLoss);
    return { value, outcome: 'executed', record: info.record };
  }
  const judged = judgeResult(policy.verdict, value, claim.id);
  if (judged.is !== 'record') {
    if (judged.is === 'unknown') elsewhere?.leave();
    else await elsewhere?.release();
    await settleUnrecorded(deployment, call, lease, judged.is, traceparent, noteLoss);
    return { value, outcome: 'executed', record: info.record };
  }
  try {
    // First there: what is recorded there and not here is adopted by the next call.
    await elsewhere?.complete(value);
  } catch (error) {
    // Whatever else goes wrong there, the effect has happened, and here it can be recorded.
    if (isIdempotencyError(error, 'LEASE_LOST')) {
      noteLoss();
      await release(deployment, call, lease, error, traceparent);
      throw ended(info, 'lease_lost', error);
    }
  }
  const how = { value, fault: judged.fault, traceparent };
  const answer = await settleSuccess(deployment, call, lease, how, noteLoss);
  if (answer.record) tellCompleted(deployment, execution);
  return answer;
}

/** Nobody waits for what comes after, but for whoever ends the process. */
function tellCompleted({ lifecycle }: Deployment, { onCompleted }: AttemptExecution): void {
  if (!onCompleted) return;
  lifecycle.begin();
  void onCompleted().finally(() => lifecycle.end());
}

/** Instrumentation that fails around a function which ended well is no reason to do its work again. */
async function watched<T>(call: Call, invoke: () => Promise<T>): Promise<T> {
  let returned: { readonly value: T } | undefined;
  try {
    return await call.instrumentation!.run!(call.info, async () => {
      const value = await invoke();
      returned = { value };
      return value;
    });
  } catch (error) {
    if (returned) return returned.value;
    throw error;
  }
}

/** Until it is held with enough left to start on. Answers whether it is. */
async function renewBeforeStart({ runtime }: Deployment, lease: HeldLease): Promise<boolean> {
  do {
    try {
      return await lease.renewNow();
    } catch {
      await sleep(runtime.clock, renewalPauseMs);
    }
  } while (lease.isHeld);
  return false;
}
