import { decompressOutcome } from './compress.ts';
import { Malformed, recordCorrupt } from './corrupt.ts';
import type { OmittedReason } from './encode.ts';
import { COMPRESSED, ENCRYPTED, KIND, kindOf, readHeader, TAGGED } from './header.ts';
import { readBody } from './msgpack.ts';
import { revive } from './revive.ts';
import { reviveError } from './revive-error.ts';
import { foundInError } from './revive-path.ts';
import type { Types } from './type-codec.ts';

/** What an execution ended with. */
export type DecodedOutcome =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'omitted'; readonly reason: OmittedReason };

/**
 * The outcome that the bytes hold, as values of its own: nothing in it is shared with the bytes or
 * with another decoding of them. Compressed bytes are decompressed; encrypted and offloaded ones
 * are for `decryptOutcome` and `decodeOffloaded` first. Throws `RECORD_CORRUPT`, and nothing else,
 * for these, for bytes that this version did not write, for bytes that were altered, and for values
 * of a type that has no codec among `types`.
 */
export function decodeOutcome(bytes: Uint8Array, recordId: string, types?: Types): DecodedOutcome {
  const head = readHeader(bytes, recordId);
  const plain = (head & COMPRESSED) === 0 ? bytes : decompressOutcome(bytes, recordId);
  try {
    const body = readPlainBody(plain, head);
    const kind = kindOf(head);
    // Nothing that Twiceproof says about an outcome has a type of the user's.
    const known = kind === KIND.omitted ? undefined : types;
    const revived = (head & TAGGED) === 0 ? body : revivedBody(kind, body, known);
    switch (kind) {
      case KIND.value:
        return { kind: 'value', value: revived };
      case KIND.error: {
        const error = reviveError(revived);
        // Where it was made is not recorded; the stack leads to who asked for the replay.
        Error.captureStackTrace(error, decodeOutcome);
        return { kind: 'error', error };
      }
      case KIND.thrown:
        return { kind: 'error', error: revived };
      default:
        if (revived !== 'too_large' && revived !== 'unserializable') throw unknownReason();
        return { kind: 'omitted', reason: revived };
    }
  } catch (error) {
    throw recordCorrupt(recordId, error);
  }
}

function revivedBody(kind: number, body: unknown, types: Types | undefined): unknown {
  try {
    return revive(body, types);
  } catch (error) {
    throw kind === KIND.error ? foundInError(error, body) : error;
  }
}

function readPlainBody(bytes: Uint8Array, head: number): unknown {
  if ((head & ENCRYPTED) !== 0) {
    throw new Malformed(
      'it is encrypted',
      'configure encrypt with the key that it was written with',
    );
  }
  if (kindOf(head) === KIND.offloaded) {
    throw new Malformed('it is kept elsewhere', 'configure oversized with the offload that has it');
  }
  return readBody(bytes);
}

function unknownReason(): Malformed {
  return new Malformed('it was omitted for a reason that Twiceproof does not know');
}
