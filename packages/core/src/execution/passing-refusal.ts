import { isIdempotencyError } from '../errors.ts';

const passing: ReadonlySet<string> = new Set([
  'IN_PROGRESS',
  'HELD',
  'LEASE_LOST',
  'TIMED_OUT',
  'CLOSED',
  'STORE_UNAVAILABLE',
]);

/** More than anybody would read of an error. */
const mostParts = 200;

/**
 * Whether an error says that a call was only refused for now, itself or as the reason of another:
 * as a `cause`, or among the `errors` of an AggregateError. It must not become an outcome for good.
 */
export function isPassingRefusal(error: unknown): boolean {
  const parts: unknown[] = [error];
  for (let index = 0; index < parts.length && index < mostParts; index++) {
    const part = parts[index];
    if (isIdempotencyError(part) && passing.has(part.code)) return true;
    for (const reason of reasonsOf(part)) if (!parts.includes(reason)) parts.push(reason);
  }
  return false;
}

function reasonsOf(error: unknown): readonly unknown[] {
  if (typeof error !== 'object' || error === null) return [];
  try {
    const { cause, errors } = error as { cause?: unknown; errors?: unknown };
    return Array.isArray(errors) ? [cause, ...errors.slice(0, mostParts)] : [cause];
  } catch {
    return [];
  }
}
