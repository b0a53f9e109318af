import { sleep } from '../clock.ts';
import { isIdempotencyError } from '../errors.ts';
import { traceparentOf } from '../instrumentation.ts';
import { accountFor } from '../unknown/accounted-errors.ts';
import type { Attempt } from './attempt.ts';
import { type Answer, ended } from './call.ts';
import { verdictOn } from './failure-verdict.ts';
import { refuseLazy } from './lazy-result.ts';
import { Overdue, withinDuration } from './max-duration.ts';
import type { JudgedResult } from './result-verdict.ts';
import {
  completeLate,
  leaseLost,
  release,
  settleFailure,
  settleSuccess,
  settleUnknown,
  settleUnrecorded,
} from './settlement.ts';
import { whyTooLate } from './too-late.ts';
import { watchedRun } from './watched-run.ts';

const renewalPauseMs = 25;

/** Throws, with the record released, if the function must not be started; else its lease is long enough now. */
export async function prepareToStart(attempt: Attempt): Promise<void> {
  const { call, deployment } = attempt;
  const isLong = attempt.isAmple(deployment.runtime.clock.now());
  if (!isLong && !(await renewBeforeStart(attempt))) {
    const error = leaseLost(attempt, 'its lease was over before the function could start');
    // Nothing has happened, so nobody has to find out what did.
    await release(attempt, error);
    throw error;
  }
  const late = whyTooLate(call, deployment);
  if (!late) return;
  await release(attempt, late.error);
  throw ended(call.info, 'failed', late.error);
}

/** Until it is held with enough left to start on. Answers whether it is. */
async function renewBeforeStart(attempt: Attempt): Promise<boolean> {
  do {
    try {
      return await attempt.renewNow();
    } catch {
      await sleep(attempt.deployment.runtime.clock, renewalPauseMs);
    }
  } while (attempt.isHeld);
  return false;
}

/** Runs the function within its time, and with telemetry around it. */
export function runWatched<T>(attempt: Attempt, run: () => T | Promise<T>): Promise<T> {
  const { call, deployment } = attempt;
  const { info, instrumentation, policy, claim } = call;
  const invoke = (): Promise<T> => runToEnd(attempt, run);
  const running = instrumentation?.run ? watchedRun(instrumentation, info, invoke) : invoke();
  return policy.maxDurationMs === null
    ? running
    : withinDuration(deployment.runtime.clock, claim.id, policy.maxDurationMs, running);
}

async function runToEnd<T>(attempt: Attempt, run: () => T | Promise<T>): Promise<T> {
  const { claim, instrumentation } = attempt.call;
  attempt.traceparent = traceparentOf(instrumentation) ?? attempt.traceparent;
  try {
    const value = await attempt.begin(run);
    refuseLazy(value, claim.operation, claim.id);
    return value;
  } finally {
    attempt.end();
  }
}

/** Settles an attempt whose function threw, or did not end in time. Answers what the caller gets. */
export async function failAttempt(attempt: Attempt, error: unknown): Promise<unknown> {
  const { info, policy } = attempt.call;
  if (error instanceof Overdue) {
    const { error: timedOut, running } = error;
    attempt.overrun(timedOut);
    attempt.elsewhere?.leave();
    completeLate(attempt, running);
    await settleUnknown(attempt, attempt.declared ? attempt.declared.cause : timedOut, false);
    return ended(info, 'timed_out', timedOut);
  }
  attempt.end();
  attempt.settle();
  const verdict = verdictOn(policy.failure, error, attempt);
  if (verdict.is === 'unknown') accountFor(error, attempt);
  await leaveElsewhere(attempt, verdict.is === 'unknown');
  const thrown = await settleFailure(attempt, error, verdict);
  return ended(info, verdict.is === 'unknown' ? 'unknown' : 'failed', thrown);
}

/** Settles an attempt whose result is not simply recorded: the function or the option `verdict` says more, or
 * it is also recorded by another library. */
export async function settleJudged<T>(
  attempt: Attempt,
  value: T,
  judged: JudgedResult,
): Promise<Answer<T>> {
  const { info } = attempt.call;
  if (attempt.declared) {
    await leaveElsewhere(attempt, true);
    await settleUnknown(attempt, attempt.declared.cause);
    return { value, outcome: 'executed', record: info.record };
  }
  if (judged.is !== 'record') {
    await leaveElsewhere(attempt, judged.is === 'unknown');
    await settleUnrecorded(attempt, judged.is);
    return { value, outcome: 'executed', record: info.record };
  }
  try {
    // First there: what is recorded there and not here is adopted by the next call.
    await attempt.elsewhere?.complete(value);
  } catch (error) {
    // Whatever else goes wrong there, the effect has happened, and here it can be recorded.
    if (isIdempotencyError(error, 'LEASE_LOST')) {
      attempt.noteLoss();
      await release(attempt, error);
      throw ended(info, 'lease_lost', error);
    }
  }
  return settleSuccess(attempt, value, { fault: judged.fault });
}

async function leaveElsewhere({ elsewhere }: Attempt, isUnknown: boolean): Promise<void> {
  if (isUnknown) elsewhere?.leave();
  else await elsewhere?.release();
}
