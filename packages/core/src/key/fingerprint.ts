import type { KeyObject } from 'node:crypto';
import { canonicalText } from './canonical-text.ts';
import { digestOf } from './digest.ts';

/**
 * Digest of what must not change for one key: equal values give equal fingerprints.
 *
 * It takes what a key takes, and throws `KEY_UNSUPPORTED` with the path of anything else. With a
 * key it is an HMAC, which does not let anyone test guesses of the payload.
 */
export function fingerprintOf(value: unknown, key?: KeyObject): string {
  return digestOf('twiceproof-fingerprint:1,', canonicalText(value, 'fingerprint'), key);
}
