import { isIdempotencyError, type Settled } from '@twiceproof/core';

/** Enough for what can be wrong at a time. */
const mostReasons = 20;

/**
 * Tells whoever runs the server what its clients cannot see: why the store does not answer, or a record
 * cannot be read. Each reason is written to the console once, and once more after an answer in between.
 */
export class ServerFaults {
  readonly #told = new Set<string>();

  look({ error }: Settled<unknown>): void {
    if (error === undefined) {
      if (this.#told.size > 0) this.#told.clear();
      return;
    }
    const isFault =
      isIdempotencyError(error, 'STORE_UNAVAILABLE') || isIdempotencyError(error, 'RECORD_CORRUPT');
    if (!isFault) return;
    if (this.#told.has(error.message) || this.#told.size >= mostReasons) return;
    this.#told.add(error.message);
    console.error(error);
  }
}
