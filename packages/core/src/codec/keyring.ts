import { Buffer } from 'node:buffer';
import { createSecretKey, type KeyObject } from 'node:crypto';
import { IdempotencyError } from '../errors.ts';

/** How outcomes are encrypted with AES-256-GCM; one of the options of an idempotency. */
export interface EncryptOptions {
  /** Id of the key that encrypts; every key of the ring decrypts. */
  readonly current: string;
  /** Keys of 32 bytes, as bytes or in base64, by ids of 1 to 255 bytes. The ids are stored readably. */
  readonly keys: Readonly<Record<string, Uint8Array | string>>;
}

/** Keys ready for use. */
export interface Keyring {
  readonly current: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
}

/** Checks the option and takes the keys over. Throws `OPTIONS_INVALID`; no message holds a key. */
export function keyringOf(options: EncryptOptions): Keyring {
  const { current, keys } = options;
  if (typeof keys !== 'object' || keys === null || Object.keys(keys).length === 0) {
    throw invalid('encrypt.keys is empty; give at least one key of 32 bytes by its id');
  }
  const ring = new Map<string, KeyObject>();
  for (const [id, key] of Object.entries(keys)) ring.set(checkId(id), secretOf(key, id));
  if (typeof current !== 'string' || !ring.has(current)) {
    throw invalid('encrypt.current names no key; give the id of one of encrypt.keys');
  }
  return { current, keys: ring };
}

function checkId(id: string): string {
  const length = Buffer.byteLength(id);
  if (length === 0 || length > 255) {
    throw invalid('encrypt.keys has an id that is empty or too long; give ids of 1 to 255 bytes');
  }
  return id;
}

function secretOf(key: unknown, id: string): KeyObject {
  const bytes = typeof key === 'string' ? fromBase64(key) : key;
  if (!(bytes instanceof Uint8Array) || bytes.length !== 32) {
    throw invalid(`encrypt.keys.${id} must be 32 bytes, as a Uint8Array or in base64`);
  }
  return createSecretKey(bytes);
}

/** Undefined for text that is not base64: Node would skip what it does not know. */
function fromBase64(text: string): Uint8Array | undefined {
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}

function invalid(message: string): IdempotencyError<'OPTIONS_INVALID'> {
  return new IdempotencyError('OPTIONS_INVALID', message);
}
