import { invalidOption } from '../options/option-checks.ts';
import { Malformed, recordCorrupt } from './corrupt.ts';
import { COMPRESSED, ENCRYPTED, KIND, kindOf, readHeader } from './header.ts';
import { readBody, writeOutcome } from './msgpack.ts';
import { isPlainText } from './text.ts';

/** Stands in the record for an outcome that is kept elsewhere, because it is too large for the store. */
interface OffloadedOutcome {
  readonly kind: 'offloaded';
  /** What the offload's `put` answered. */
  readonly ref: string;
  /** Bytes of the outcome that `ref` leads to. */
  readonly byteLength: number;
}

/**
 * The outcome bytes that refer to an outcome of `byteLength` bytes under `ref`. Throws
 * `OPTIONS_INVALID` for a reference that is no text, since it comes from the user's offload.
 */
export function encodeOffloaded(ref: string, byteLength: number): Uint8Array {
  if (typeof ref !== 'string' || !isPlainText(ref) || ref === '') {
    throw invalidOption(
      'oversized.put answered no reference; let it answer the text under which get finds the bytes',
    );
  }
  return writeOutcome(KIND.offloaded, [ref, byteLength], { tagged: false, binaries: 0 });
}

/** The reference that the bytes hold, if `outcomeKind` calls them offloaded. Throws `RECORD_CORRUPT`. */
export function decodeOffloaded(bytes: Uint8Array, recordId: string): OffloadedOutcome {
  const head = readHeader(bytes, recordId);
  try {
    if (kindOf(head) !== KIND.offloaded || (head & (COMPRESSED | ENCRYPTED)) !== 0) {
      throw new Malformed('it is no plain reference to an outcome');
    }
    const [ref, byteLength] = readReference(readBody(bytes));
    return { kind: 'offloaded', ref, byteLength };
  } catch (error) {
    throw recordCorrupt(recordId, error);
  }
}

function readReference(body: unknown): [string, number] {
  const [ref, byteLength, ...rest] = Array.isArray(body) ? (body as unknown[]) : [];
  if (typeof ref !== 'string' || !isLength(byteLength) || rest.length > 0) {
    throw new Malformed('it refers to an outcome in a form that Twiceproof does not write');
  }
  return [ref, byteLength];
}

function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
