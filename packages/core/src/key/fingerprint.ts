import { encodeCanonical } from './canonical.ts';
import { digestKey, digestOf, type Secret } from './digest.ts';

/**
 * Digest of what must not change for one key: equal values give equal fingerprints.
 *
 * It takes what a key takes, and throws `KEY_UNSUPPORTED` with the path of anything else. With a
 * secret it is an HMAC, which does not let anyone test guesses of the payload.
 */
export function fingerprintOf(value: unknown, secret?: Secret): string {
  const text = `idemkit-fingerprint:1,${encodeCanonical(value, 'fingerprint')}`;
  return digestOf(text, secret === undefined ? undefined : digestKey(secret));
}
