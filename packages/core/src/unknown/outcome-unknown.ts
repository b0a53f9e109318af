import { errorParts } from '../values/error-parts.ts';

const brand: unique symbol = Symbol.for('twiceproof.unknown') as never;

/** Says that nobody knows whether an effect happened; see `outcomeUnknown`. */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';

  constructor(cause: unknown) {
    const detail = cause instanceof Error ? cause.message || cause.name : String(cause);
    super(`nobody knows whether the effect happened: ${detail}`, { cause });
    Object.defineProperty(this, brand, { value: true });
  }
}

/**
 * An error to throw inside a function when nobody knows whether its effect happened, e.g. because a
 * request was sent and not answered. The attempt ends as abandoned at once, with `cause` as its last
 * error, and `abandoned` decides at the next call. It reaches the caller as it is, with its `cause`.
 *
 * @example
 * ```ts
 * import { currentExecution, outcomeUnknown } from '@twiceproof/core';
 *
 * async function charge(send: (key: string) => Promise<'paid' | 'no answer'>) {
 *   const answer = await send(currentExecution().downstreamKey);
 *   if (answer === 'no answer') throw outcomeUnknown(new Error('the bank did not answer'));
 *   return answer;
 * }
 * ```
 */
export function outcomeUnknown(cause?: unknown): OutcomeUnknownError {
  return isDeclared(cause) ? cause : new OutcomeUnknownError(cause);
}

/** What an error that was thrown says to be the reason why nobody knows, itself or as the reason of
 * another; undefined if it says no such thing. */
export function declaredUnknown(
  error: unknown,
  isWanted: (part: unknown) => boolean,
): { readonly cause: unknown } | undefined {
  const declared = errorParts(error, isWanted).find(isDeclared);
  return declared && { cause: declared.cause ?? declared };
}

function isDeclared(error: unknown): error is OutcomeUnknownError {
  return typeof error === 'object' && error !== null && brand in error;
}
