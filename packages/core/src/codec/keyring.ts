import type { KeyObject } from 'node:crypto';
import { nodeCrypto } from '../node-crypto.ts';
import { checkNames, checkOneOf, invalidOption } from '../options/option-checks.ts';

/** How outcomes are encrypted with AES-256-GCM; one of the options of an idempotency. */
export interface EncryptOptions {
  /** Id of the key that encrypts; every key of the ring decrypts. */
  readonly current: string;
  /** Keys of 32 bytes, as bytes or in base64, by ids of 1 to 255 bytes. The ids are stored readably. */
  readonly keys: Readonly<Record<string, Uint8Array | string>>;
  /** `true` reads outcomes that are not encrypted, too, which lets whoever can write to the store plant
   * a result. Only until the records that were written before encryption have expired. Default `false`. */
  readonly acceptPlaintext?: boolean | undefined;
}

/** Keys ready for use. */
export interface Keyring {
  readonly current: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
  readonly acceptPlaintext: boolean;
}

// Every function and every step that is wrapped with the same options has the same keys.
const rings = new WeakMap<EncryptOptions, Keyring>();

/** Checks the option and takes the keys over, once. Throws `OPTIONS_INVALID`; no message holds a key. */
export function keyringOf(options: EncryptOptions): Keyring {
  const ring = rings.get(options) ?? checkedRing(options);
  rings.set(options, ring);
  return ring;
}

function checkedRing(options: EncryptOptions): Keyring {
  // What is given instead may well be a key.
  if (typeof options !== 'object') {
    throw invalidOption('encrypt is no object of options; give { current, keys }');
  }
  checkNames(options, ['current', 'keys', 'acceptPlaintext'], 'encrypt');
  const { current, keys, acceptPlaintext = false } = options;
  checkOneOf(acceptPlaintext, [true, false], 'encrypt.acceptPlaintext');
  if (typeof keys !== 'object' || keys === null || Object.keys(keys).length === 0) {
    throw invalidOption('encrypt.keys is empty; give at least one key of 32 bytes by its id');
  }
  const ring = new Map<string, KeyObject>();
  for (const [id, key] of Object.entries(keys)) ring.set(checkId(id), secretOf(key, id));
  if (typeof current !== 'string' || !ring.has(current)) {
    throw invalidOption('encrypt.current names no key; give the id of one of encrypt.keys');
  }
  return { current, keys: ring, acceptPlaintext };
}

function checkId(id: string): string {
  const length = Buffer.byteLength(id);
  if (length === 0 || length > 255) {
    throw invalidOption(
      'encrypt.keys has an id that is empty or too long; give ids of 1 to 255 bytes',
    );
  }
  return id;
}

function secretOf(key: unknown, id: string): KeyObject {
  const bytes = typeof key === 'string' ? fromBase64(key) : key;
  if (!(bytes instanceof Uint8Array) || bytes.length !== 32) {
    throw invalidOption(`encrypt.keys.${id} must be 32 bytes, as a Uint8Array or in base64`);
  }
  return nodeCrypto().createSecretKey(bytes);
}

/** Undefined for text that is not base64: Node would skip what it does not know. */
function fromBase64(text: string): Uint8Array | undefined {
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
