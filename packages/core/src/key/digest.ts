import type { KeyObject } from 'node:crypto';
import { nodeCrypto } from '../node-crypto.ts';
import { kinds } from '../node-modules.ts';
import { invalidOption } from '../options/option-checks.ts';

/** Makes digests HMACs: needed where keys are personal data that could be guessed from a plain hash. */
export type Secret = string | Uint8Array | KeyObject;

/** A secret that is ready for use: a copy, so that what happens to the caller's bytes has no effect. */
export function digestKeyOf(secret: Secret): KeyObject {
  if (kinds.isKeyObject(secret)) return secret;
  const valid = typeof secret === 'string' ? secret.isWellFormed() : secret instanceof Uint8Array;
  if (!valid || secret.length === 0) {
    throw invalidOption(
      'keySecret must be a non-empty secret: text or a Uint8Array, best of 32 random bytes',
    );
  }
  const { createSecretKey } = nodeCrypto();
  return typeof secret === 'string' ? createSecretKey(secret, 'utf8') : createSecretKey(secret);
}

/** base64url SHA-256 of the UTF-8 bytes of both texts, or HMAC-SHA256 with `key`; always 43 characters. */
export function digestOf(prefix: string, text: string, key: KeyObject | undefined): string {
  const { createHmac, hash } = nodeCrypto();
  if (key !== undefined)
    return createHmac('sha256', key)
      .update(prefix + text)
      .digest('base64url');
  const fits = text.length >= longText && text.length <= longestText;
  const isPlaced = fits && prefix.length <= longestPrefix;
  return hash('sha256', isPlaced ? bytesOf(prefix, text) : prefix + text, 'base64url');
}

/** To put long text together as bytes takes less than as text, which is copied once more on its way to them. */
const longText = 400;
const longestText = 4_096;
const longestPrefix = 1_024;

let place: Buffer | undefined;
let placed = '';
let placedBytes = 0;

/** They hold until the next ones. */
function bytesOf(prefix: string, text: string): Uint8Array {
  // A character has three bytes at most.
  place ??= Buffer.allocUnsafeSlow(3 * (longestPrefix + longestText));
  // Mostly it stands there already.
  if (prefix !== placed) {
    placedBytes = place.write(prefix);
    placed = prefix;
  }
  return place.subarray(0, placedBytes + place.write(text, placedBytes));
}
