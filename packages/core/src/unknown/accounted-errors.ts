import type { NestedExecution } from '../execution/nested-execution.ts';
import { processState } from '../process-state.ts';

/**
 * The function that called one whose outcome is unknown mostly fails with the same error. What is unknown
 * stands in the record of the inner one, which decides what becomes of it; the outer one has only failed.
 * So an error is accounted for in the executions around the one that it came from, and in no others: the
 * same object may be thrown again by another.
 */
export function accountFor(error: unknown, inner: NestedExecution): void {
  if (typeof error !== 'object' || error === null) return;
  for (let outer = inner.parent; outer; outer = outer.parent) {
    const accounted = processState.accounted.get(outer) ?? new WeakSet();
    accounted.add(error);
    processState.accounted.set(outer, accounted);
  }
}

/** Whether an error is accounted for in the record of a function that `execution` called. */
export function isAccounted(error: unknown, execution: NestedExecution | undefined): boolean {
  if (typeof error !== 'object' || error === null || !execution) return false;
  return processState.accounted.get(execution)?.has(error) ?? false;
}
