import { processState } from '../process-state.ts';

/**
 * Errors of executions that ended as unknown. Whoever called such an execution fails with the same error,
 * but what is unknown stands in the record of the one that was called, and nowhere else.
 */
export function accountFor(error: unknown): void {
  if (typeof error === 'object' && error !== null) processState.accounted.add(error);
}

export function isAccounted(error: unknown): boolean {
  return typeof error === 'object' && error !== null && processState.accounted.has(error);
}
