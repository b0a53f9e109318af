import { isPlainValue } from '../codec/index.ts';
import { PlainCopies } from '../values/plain-copies.ts';

/** Larger results take longer to be copied than their keys to be looked up. */
const mostBytes = 512;

/** A result that was read from a record, and is likely to be read once more: comparing bytes takes a part of the time
 * that reading them does. */
export class KeptResult {
  readonly #bytes: Uint8Array;
  readonly #copies: PlainCopies;

  constructor(bytes: Uint8Array, copies: PlainCopies) {
    this.#bytes = bytes;
    this.#copies = copies;
  }

  /** Whether it would be read from these bytes, too. */
  isOf(outcome: Uint8Array): boolean {
    const bytes = this.#bytes;
    return bytes.byteLength === outcome.byteLength && Buffer.compare(bytes, outcome) === 0;
  }

  /** A copy for each caller. */
  get value(): unknown {
    return this.#copies.next();
  }
}

/** Undefined as for {@link copiesOfResult}. */
export function keptResult(outcome: Uint8Array, value: unknown): KeptResult | undefined {
  const copies = copiesOfResult(outcome, value);
  return copies && new KeptResult(Uint8Array.from(outcome), copies);
}

/** Undefined where the result is no small, plain data as it is stored: also what was encrypted is read each time. */
export function copiesOfResult(outcome: Uint8Array, value: unknown): PlainCopies | undefined {
  if (outcome.byteLength > mostBytes || !isPlainValue(outcome)) return undefined;
  return PlainCopies.of(value);
}
