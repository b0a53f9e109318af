import type { Instrumentation } from './instrumentation.ts';
import { processState } from './process-state.ts';

/**
 * Sets the instrumentation of every `createIdempotency` that was given none, in this process and
 * for every copy of this package; undefined takes it away again.
 */
export function registerInstrumentation(instrumentation: Instrumentation | undefined): void {
  processState.instrumentation = instrumentation;
}

export function registeredInstrumentation(): Instrumentation | undefined {
  return processState.instrumentation;
}
