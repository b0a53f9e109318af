import type { KeyObject } from 'node:crypto';
import * as types from 'node:util/types';
import { nodeCrypto } from '../node-crypto.ts';
import { invalidOption } from '../options/option-checks.ts';

/** Makes digests HMACs: needed where keys are personal data that could be guessed from a plain hash. */
export type Secret = string | Uint8Array | KeyObject;

/** A secret that is ready for use: a copy, so that what happens to the caller's bytes has no effect. */
export function digestKeyOf(secret: Secret): KeyObject {
  if (types.isKeyObject(secret)) return secret;
  const valid = typeof secret === 'string' ? secret.isWellFormed() : secret instanceof Uint8Array;
  if (!valid || secret.length === 0) {
    throw invalidOption(
      'keySecret must be a non-empty secret: text or a Uint8Array, best of 32 random bytes',
    );
  }
  const { createSecretKey } = nodeCrypto();
  return typeof secret === 'string' ? createSecretKey(secret, 'utf8') : createSecretKey(secret);
}

/** base64url SHA-256 of the UTF-8 bytes of `text`, or HMAC-SHA256 with `key`; always 43 characters. */
export function digestOf(text: string, key: KeyObject | undefined): string {
  return key === undefined
    ? nodeCrypto().hash('sha256', text, 'base64url')
    : nodeCrypto().createHmac('sha256', key).update(text).digest('base64url');
}
