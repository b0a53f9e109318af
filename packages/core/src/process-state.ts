import type { AsyncLocalStorage } from 'node:async_hooks';
import type { NestedExecution } from './execution/nested-execution.ts';
import type { Instrumentation } from './instrumentation.ts';
import { asyncHooks } from './node-modules.ts';

/**
 * What there is one of in a process, however many copies of this package are in it: bundlers, two
 * majors of an adapter and CommonJS beside ES modules bring several. A copy that sees it in another
 * form has another version in the symbol.
 */
export interface ProcessState {
  /** The execution that the running code is part of. */
  readonly executions: AsyncLocalStorage<NestedExecution>;
  /** Errors that are accounted for in an execution: see `accountFor`. */
  readonly accounted: WeakMap<NestedExecution, WeakSet<object>>;
  /** Of those who were given none. */
  instrumentation: Instrumentation | undefined;
  /** What was said once, and is not said again. */
  readonly said: Set<string>;
}

const slot: unique symbol = Symbol.for('twiceproof.process.1') as never;
const realm: { [slot]?: ProcessState } = globalThis as never;

realm[slot] ??= {
  executions: new asyncHooks.AsyncLocalStorage(),
  accounted: new WeakMap(),
  instrumentation: undefined,
  said: new Set(),
};

export const processState: ProcessState = realm[slot];
