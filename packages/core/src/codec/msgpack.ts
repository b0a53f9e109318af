import { Malformed } from './corrupt.ts';
import { HEADER_BYTES, type KindByte, OUTCOME_FORMAT, TAGGED } from './header.ts';
import { MAX_OUTCOME_BYTES } from './limits.ts';
import { packOutcome } from './pack.ts';
import { scan } from './scan.ts';
import { unpack } from './unpack.ts';
import { TooLarge } from './walk.ts';

/**
 * Header and body of an outcome. The body is msgpack of `body`, which must be escaped already and
 * hold `binaries` (the sum over all of them of their bytes plus one). Throws {@link Malformed} if
 * that is not what came out: a getter changed its mind. What is written can be read.
 */
export function writeOutcome(
  kind: KindByte,
  body: unknown,
  { tagged, binaries }: { readonly tagged: boolean; readonly binaries: number },
): Uint8Array {
  const bytes = packOutcome(OUTCOME_FORMAT, kind | (tagged ? TAGGED : 0), body);
  if (bytes.length > MAX_OUTCOME_BYTES) {
    throw new TooLarge('too large to be recorded', 'return less of it');
  }
  if (scan(bytes, HEADER_BYTES) !== binaries) throw new Malformed('its binary data was changed');
  return bytes;
}

/** The body of an outcome as it was escaped. Throws {@link Malformed}. */
export function readBody(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_OUTCOME_BYTES) throw new Malformed('it is too large');
  scan(bytes, HEADER_BYTES);
  return unpack(bytes, HEADER_BYTES);
}
