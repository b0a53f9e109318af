import { asyncHooks } from '../node-modules.ts';
import { processState } from '../process-state.ts';
import type { NestedExecution } from './nested-execution.ts';

/**
 * Calls `run` as a part of an execution, as `AsyncLocalStorage.run` does. That makes a frame with all stores of the
 * process to enter the execution, and from Node 24 on a second one to leave it, which is then what the next one
 * is copied from; a resource keeps the frame that was there, and puts it back.
 */
export function runInExecution<T>(execution: NestedExecution, run: () => T): T {
  keepsFrames ??= findOut();
  if (!keepsFrames) return processState.executions.run(execution, run);
  return new asyncHooks.AsyncResource('twiceproof').runInAsyncScope(
    enter<T>,
    undefined,
    execution,
    run,
  );
}

let keepsFrames: boolean | undefined;

function enter<T>(execution: NestedExecution, run: () => T): T {
  processState.executions.enterWith(execution);
  return run();
}

/** Before Node 24 a store is a property of what is running, and Workers cannot enter one for good. */
function findOut(): boolean {
  if (Number.parseInt(process.versions.node, 10) < 24) return false;
  const { executions } = processState;
  const before = executions.getStore();
  const probe = {} as NestedExecution;
  try {
    new asyncHooks.AsyncResource('twiceproof').runInAsyncScope(() => executions.enterWith(probe));
  } catch {
    return false;
  }
  if (executions.getStore() !== probe) return true;
  executions.enterWith(before!);
  return false;
}
