import { isIdempotencyError } from '../errors.ts';
import { errorParts } from '../values/error-parts.ts';

const passing: ReadonlySet<string> = new Set([
  'IN_PROGRESS',
  'HELD',
  'LEASE_LOST',
  'TIMED_OUT',
  'CLOSED',
  'STORE_UNAVAILABLE',
]);

/**
 * Whether an error says that a call was only refused for now, itself or as the reason of another:
 * as a `cause`, or among the `errors` of an AggregateError. It must not become an outcome for good.
 */
export function isPassingRefusal(error: unknown): boolean {
  return errorParts(error).some((part) => isIdempotencyError(part) && passing.has(part.code));
}
