import { processState } from '../process-state.ts';
import { errorParts } from '../values/error-parts.ts';
import { isAccounted } from './accounted-errors.ts';
import { isAmbiguous } from './ambiguous-error.ts';

/**
 * For the option `failure`: `'unknown'` for a timeout or a reset that came after a request had been sent,
 * when nobody knows whether it had its effect, and `'release'` for every other error. It is the default
 * wherever `abandoned` is `'hold'` or a probe.
 *
 * Known are the errors of fetch and undici, the AWS SDK, pg, ioredis, node-redis and whatever uses Node's
 * codes, also as the `cause` of another error. A refused connection, a name that is not found and a
 * timeout while connecting are not ambiguous: nothing was sent. An answer is none either, but for 504, a
 * gateway's way to say that it got none.
 *
 * @example
 * ```ts
 * import { type Idempotency, unknownIfAmbiguous } from '@twiceproof/core';
 *
 * declare const idempotency: Idempotency;
 * declare function refund(id: string): Promise<void>;
 * export const refundOnce = idempotency.wrap(refund, {
 *   operation: 'refund',
 *   key: (id) => id,
 *   failure: (error) => (error instanceof RangeError ? 'record' : unknownIfAmbiguous(error)),
 * });
 * ```
 */
export function unknownIfAmbiguous(error: unknown): 'unknown' | 'release' {
  // Verdicts are asked for inside the execution that has failed.
  const execution = processState.executions.getStore();
  const parts = errorParts(error, (part) => !isAccounted(part, execution));
  return parts.some(isAmbiguous) ? 'unknown' : 'release';
}
