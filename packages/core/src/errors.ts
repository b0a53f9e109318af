/** Every way in which Twiceproof refuses or fails. */
export type IdempotencyErrorCode =
  | 'KEY_MISSING'
  | 'KEY_UNSUPPORTED'
  | 'IN_PROGRESS'
  | 'FINGERPRINT_MISMATCH'
  | 'HELD'
  | 'LEASE_LOST'
  | 'TIMED_OUT'
  | 'CLOSED'
  | 'RESULT_UNSERIALIZABLE'
  | 'RESULT_OMITTED'
  | 'RECORD_CORRUPT'
  | 'STORE_UNAVAILABLE'
  | 'OPTIONS_INVALID';

/** What an error may carry beside its message. */
export interface IdempotencyErrorDetails {
  readonly recordId?: string | undefined;
  /** Path inside the key or the result, e.g. `order.items[3].price`. */
  readonly path?: string | undefined;
  /** Milliseconds after which asking again makes sense; with `IN_PROGRESS`. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

const brand: unique symbol = Symbol.for('twiceproof.error') as never;

/**
 * The one error class. `code` says what happened, the message what to do; neither holds a payload.
 *
 * @example
 * ```ts
 * import { isIdempotencyError } from '@twiceproof/core';
 *
 * async function onMessage(work: () => Promise<void>, retryIn: (ms: number) => void) {
 *   try {
 *     await work();
 *   } catch (error) {
 *     if (!isIdempotencyError(error, 'IN_PROGRESS')) throw error;
 *     retryIn(error.retryAfterMs ?? 1_000);
 *   }
 * }
 * ```
 */
export class IdempotencyError<
  Code extends IdempotencyErrorCode = IdempotencyErrorCode,
> extends Error {
  override readonly name = 'IdempotencyError';
  readonly code: Code;
  readonly recordId: string | undefined;
  readonly path: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: Code, message: string, details: IdempotencyErrorDetails = {}) {
    super(
      `${code}${message.startsWith(' ') ? '' : ': '}${message}`,
      'cause' in details ? { cause: details.cause } : undefined,
    );
    this.code = code;
    this.recordId = details.recordId;
    this.path = details.path;
    this.retryAfterMs = details.retryAfterMs;
    Object.defineProperty(this, brand, { value: true });
  }
}

/**
 * Tells whether `error` is an {@link IdempotencyError}, also one made by another copy of this
 * package, and with `code`, whether it is that one.
 */
export function isIdempotencyError<Code extends IdempotencyErrorCode>(
  error: unknown,
  code: Code,
): error is IdempotencyError<Code>;
export function isIdempotencyError(error: unknown): error is IdempotencyError;
export function isIdempotencyError(error: unknown, code?: IdempotencyErrorCode): boolean {
  if (typeof error !== 'object' || error === null || !(brand in error)) return false;
  return code === undefined || (error as unknown as IdempotencyError).code === code;
}

/** Notes on an error of ours which record it is about, unless it says so already. */
export function aboutRecord<E>(error: E, recordId: string | undefined): E {
  if (isIdempotencyError(error) && error.recordId === undefined && recordId !== undefined) {
    Object.assign(error, { recordId });
  }
  return error;
}
