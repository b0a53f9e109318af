import { AsyncLocalStorage } from 'node:async_hooks';
import { IdempotencyError } from '../errors.ts';

/** What the wrapped function may know about its own execution. */
export interface CurrentExecution {
  /** The record id; undefined when the call runs without idempotency and has no key. */
  readonly id: string | undefined;
  readonly operation: string;
  readonly run: number;
  /** 1 for the first execution of this record. */
  readonly attempt: number;
  /** Rises with every claim of the record: hand it to systems that can refuse an older one. 0 without idempotency. */
  readonly fence: number;
  /** Aborted when the lease is over or lost: stop, another executor may have started. */
  readonly signal: AbortSignal;
  /** Stable over the attempts of one run and different between runs: an idempotency key for others. */
  readonly downstreamKey: string;
}

/** An execution as this package sees it, and the one that it was called from. */
export interface NestedExecution {
  readonly parent: NestedExecution | undefined;
  readonly id: string | undefined;
  readonly run: number;
  readonly scope: string | undefined;
  readonly keyPreview: string | undefined;
  /** What the function sees of it: plain data, made when it is first asked for. */
  readonly shown: CurrentExecution;
}

export const executionStorage: AsyncLocalStorage<NestedExecution> = new AsyncLocalStorage();

/** The digest of the record id: it differs between environments, operations, runs and keys, and says nothing of them. */
export function downstreamKeyOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Whether the calling code is part of an execution of this record: waiting for it would never end. */
export function isExecuting(id: string): boolean {
  for (let execution = executionStorage.getStore(); execution; execution = execution.parent) {
    if (execution.id === id) return true;
  }
  return false;
}

/**
 * The execution that the calling code is part of. Throws `OPTIONS_INVALID` outside of one.
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
  const execution = executionStorage.getStore();
  if (execution) return execution.shown;
  throw new IdempotencyError(
    'OPTIONS_INVALID',
    'currentExecution() was called outside of an execution; call it inside a wrapped function',
  );
}
