import { IdempotencyError } from '../errors.ts';
import { processState } from '../process-state.ts';
import type { CurrentExecution, NestedExecution } from './nested-execution.ts';

/** What was said after the function had ended could no longer be heard. */
export function declaredLate(operation: string, recordId: string | undefined): IdempotencyError {
  const message = `declareUnknown() was called after the execution of '${operation}' had ended; call it before the function ends`;
  return new IdempotencyError('OPTIONS_INVALID', message, { recordId });
}

/** The innermost execution that the calling code is part of and that has not ended. */
export function enclosingExecution(): NestedExecution | undefined {
  let execution = processState.executions.getStore();
  while (execution?.isOver) execution = execution.parent;
  return execution;
}

/** Whether the calling code is part of an execution of this record: waiting for it would never end. */
export function isExecuting(id: string): boolean {
  let execution = processState.executions.getStore();
  for (; execution; execution = execution.parent) {
    if (execution.id === id && !execution.isOver) return true;
  }
  return false;
}

/**
 * The execution that the calling code is part of. Throws `OPTIONS_INVALID` outside of one, and in what
 * goes on after the function has ended, such as a timer: read what that needs before.
 *
 * @example
 * ```ts
 * import { currentExecution } from '@twiceproof/core';
 *
 * async function charge(amount: number, gateway: (amount: number, key: string) => Promise<string>) {
 *   return gateway(amount, currentExecution().downstreamKey);
 * }
 * ```
 */
export function currentExecution(): CurrentExecution {
  const execution = processState.executions.getStore();
  if (execution?.isOver === false) return execution.shown;
  const message = execution
    ? `currentExecution() was called after the execution of '${execution.operation}' had ended; read what you need before the function ends`
    : 'currentExecution() was called outside of an execution; call it inside a wrapped function';
  throw new IdempotencyError('OPTIONS_INVALID', message, { recordId: execution?.id });
}
