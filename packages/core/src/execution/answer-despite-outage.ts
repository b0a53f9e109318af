import { bypass } from './bypass.ts';
import { type Answer, asItIs, type Call, ended } from './call.ts';
import type { Deployment } from './deployment.ts';
import { answerCall } from './fast-door.ts';
import { whyTooLate } from './too-late.ts';

/** For `storeOutage: 'execute'`: runs the function without idempotency when the store cannot be asked. */
export async function answerDespiteOutage<T>(
  deployment: Deployment,
  call: Call,
  run: () => T | Promise<T>,
): Promise<Answer<T>> {
  const { info, instrumentation } = call;
  try {
    return await answerCall(deployment, call, run, asItIs);
  } catch (error) {
    // Once the store has said anything about the record, something may be done or under way.
    const isUnknown = info.outcome === 'store_error' && info.record === undefined;
    if (!isUnknown) throw error;
    // That took as long as the store may take.
    const late = whyTooLate(call, deployment);
    if (late) throw ended(info, 'failed', late.error);
    return bypass(deployment, info, run, instrumentation, call.policy.maxDurationMs);
  }
}
