import { nodeCrypto } from '../node-crypto.ts';
import { Malformed, recordCorrupt } from './corrupt.ts';
import { ENCRYPTED, HEADER_BYTES, readHeader } from './header.ts';
import type { Keyring } from './keyring.ts';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
const authTagLength: { readonly authTagLength: number } = { authTagLength: tagBytes };

/**
 * The outcome encrypted with the current key, for this record only: header, length of the key id,
 * key id, IV, ciphertext, authentication tag. Header, key id and record id are authenticated too.
 * The kind of the outcome stays readable. IVs are random, so a key is good for 2^32 outcomes.
 */
export function encryptOutcome(bytes: Uint8Array, keyring: Keyring, recordId: string): Uint8Array {
  const head = readHeader(bytes, recordId);
  if ((head & ENCRYPTED) !== 0) return bytes;
  const id = Buffer.from(keyring.current);
  const front = Buffer.from([bytes[0]!, head | ENCRYPTED, id.length, ...id]);
  const { createCipheriv, randomBytes } = nodeCrypto();
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, keyring.keys.get(keyring.current)!, iv, authTagLength);
  cipher.setAAD(boundTo(front, recordId));
  const body = cipher.update(bytes.subarray(HEADER_BYTES));
  return joined([front, iv, body, cipher.final(), cipher.getAuthTag()]);
}

/**
 * The outcome as it was before {@link encryptOutcome}. One that is not encrypted is answered as it is
 * only without a key ring, or if the ring accepts it: anyone can write one. Throws `RECORD_CORRUPT`
 * for any other, without the key, and for bytes that were altered or moved here from another record.
 */
export function decryptOutcome(
  bytes: Uint8Array,
  keyring: Keyring | undefined,
  recordId: string,
): Uint8Array {
  const head = readHeader(bytes, recordId);
  if ((head & ENCRYPTED) === 0) {
    if (keyring && !keyring.acceptPlaintext) throw recordCorrupt(recordId, notEncrypted());
    return bytes;
  }
  const ivStart = HEADER_BYTES + 1 + (bytes[HEADER_BYTES] ?? 0);
  const start = ivStart + ivBytes;
  const end = bytes.length - tagBytes;
  if (start > end) throw recordCorrupt(recordId, new Malformed('it is truncated'));
  const id = Buffer.from(bytes.subarray(HEADER_BYTES + 1, ivStart)).toString();
  const key = keyring?.keys.get(id);
  if (key === undefined) throw recordCorrupt(recordId, keyMissing(id));
  try {
    const decipher = nodeCrypto().createDecipheriv(
      algorithm,
      key,
      bytes.subarray(ivStart, start),
      authTagLength,
    );
    decipher.setAAD(boundTo(bytes.subarray(0, ivStart), recordId));
    decipher.setAuthTag(bytes.subarray(end));
    const body = decipher.update(bytes.subarray(start, end));
    return joined([Uint8Array.of(bytes[0]!, head & ~ENCRYPTED), body, decipher.final()]);
  } catch {
    throw recordCorrupt(recordId, notAuthentic(id));
  }
}

function boundTo(front: Uint8Array, recordId: string): Uint8Array {
  return joined([front, Buffer.from(recordId)]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

function keyMissing(id: string): Malformed {
  const name = JSON.stringify(id);
  return new Malformed(`it is encrypted with the key ${name}`, `add that key to encrypt.keys`);
}

function notEncrypted(): Malformed {
  return new Malformed(
    'it is not encrypted, though encrypt is set, so anyone with access to the store may have written it',
    'delete the record so that the work may run again; or, if it was recorded before encryption was turned on, set encrypt.acceptPlaintext until such records have expired',
  );
}

function notAuthentic(id: string): Malformed {
  return new Malformed(
    `it was altered, was moved from another record, or was encrypted with another key than encrypt.keys has as ${JSON.stringify(id)}`,
    'restore the record or the key, or delete the record so that the work may run again',
  );
}
