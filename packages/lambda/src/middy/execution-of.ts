import { type CurrentExecution, currentExecution } from '@twiceproof/core';
import { invalidOption } from '@twiceproof/core/toolkit';

const executions = new WeakMap<object, CurrentExecution>();

/** Notes the execution that is going on for an invocation. */
export function noteExecution(context: object): void {
  executions.set(context, currentExecution());
}

/**
 * `currentExecution()` for a handler under Middy, which is not called from within the execution: Middy
 * calls it. Takes the context that the handler was given. Throws `OPTIONS_INVALID` for another one.
 *
 * @example
 * ```ts
 * import { executionOf } from '@twiceproof/lambda/middy';
 * import type { Context } from 'aws-lambda';
 *
 * export const charge = async (event: { amount: number }, context: Context) =>
 *   fetch('https://payments.example/charges', {
 *     method: 'POST',
 *     headers: { 'idempotency-key': executionOf(context).downstreamKey },
 *     body: JSON.stringify(event),
 *   });
 * ```
 */
export function executionOf(context: object): CurrentExecution {
  const execution = executions.get(context);
  if (execution) return execution;
  throw invalidOption(
    'executionOf was given a context that no execution is known for; give it the one that the handler got, and use idempotent(…) in its chain',
  );
}
