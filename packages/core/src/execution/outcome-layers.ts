import { type Compression, compressOutcome } from '../codec/compress.ts';
import { Malformed, recordCorrupt } from '../codec/corrupt.ts';
import { decryptOutcome, encryptOutcome } from '../codec/encrypt.ts';
import { type DecodedOutcome, decodeOutcome, outcomeKind } from '../codec/index.ts';
import type { Keyring } from '../codec/keyring.ts';
import { decodeOffloaded, encodeOffloaded } from '../codec/offload.ts';
import type { Types } from '../codec/type-codec.ts';
import { IdempotencyError } from '../errors.ts';
import type { Offload } from '../options/offload.ts';
import { offloadKey } from './offload-key.ts';

/** What happens to an encoded outcome between the codec and the store, and on the way back. */
export interface OutcomeLayers {
  readonly compression: Compression | undefined;
  readonly keyring: Keyring | undefined;
  readonly offload: Offload | undefined;
  /** The codecs of the user's classes. */
  readonly types: Types | undefined;
}

/** The bytes that are stored for an outcome: compressed, then encrypted for its record. */
export function sealOutcome(layers: OutcomeLayers, bytes: Uint8Array, id: string): Uint8Array {
  const { compression } = layers;
  return protectOutcome(layers, compression ? compressOutcome(bytes, compression) : bytes, id);
}

/** Also what holds no data is encrypted: whatever is not could have been planted. */
export function protectOutcome(
  { keyring }: OutcomeLayers,
  bytes: Uint8Array,
  id: string,
): Uint8Array {
  return keyring ? encryptOutcome(bytes, keyring, id) : bytes;
}

/** The outcome that stored bytes hold, fetched from the offload if they only refer to it. */
export function openOutcome(
  layers: OutcomeLayers,
  stored: Uint8Array,
  id: string,
): DecodedOutcome | Promise<DecodedOutcome> {
  const opened = decryptOutcome(stored, layers.keyring, id);
  if (outcomeKind(opened, id) === 'offloaded') return openOffloaded(layers, opened, id);
  return decodeOutcome(opened, id, layers.types);
}

async function openOffloaded(
  layers: OutcomeLayers,
  reference: Uint8Array,
  id: string,
): Promise<DecodedOutcome> {
  const sealed = await fetchOffloaded(layers, reference, id);
  return decodeOutcome(decryptOutcome(sealed, layers.keyring, id), id, layers.types);
}

/** Puts sealed bytes into the offload; answers the bytes that refer to them. */
export async function offloadOutcome(
  layers: OutcomeLayers,
  offload: Offload,
  sealed: Uint8Array,
  id: string,
  fence: number,
): Promise<Uint8Array> {
  const key = offloadKey(id, fence);
  const name = await offload.put(key, sealed);
  const reference = encodeOffloaded(typeof name === 'string' ? name : key, sealed.byteLength);
  return protectOutcome(layers, reference, id);
}

/** Deletes what stored bytes refer to, if they do. A leftover object is no reason to fail. */
export async function discardOffloaded(
  { offload, keyring }: OutcomeLayers,
  stored: Uint8Array | undefined,
  id: string,
): Promise<void> {
  if (!offload || !stored) return;
  try {
    if (outcomeKind(stored, id) !== 'offloaded') return;
    await offload.delete(decodeOffloaded(decryptOutcome(stored, keyring, id), id).ref);
  } catch {
    // Whoever keeps the objects retires them by age; see the option's page.
  }
}

async function fetchOffloaded(
  { offload }: OutcomeLayers,
  reference: Uint8Array,
  recordId: string,
): Promise<Uint8Array> {
  const { ref, byteLength } = decodeOffloaded(reference, recordId);
  if (!offload) {
    const message = `the result of ${recordId} is offloaded; give the offload as option oversized`;
    throw new IdempotencyError('OPTIONS_INVALID', message, { recordId });
  }
  let bytes: Uint8Array | undefined;
  try {
    bytes = await offload.get(ref);
  } catch (cause) {
    const message = `the offloaded result of ${recordId} could not be fetched; check the offload, then call again`;
    throw new IdempotencyError('STORE_UNAVAILABLE', message, { recordId, cause });
  }
  if (!bytes) {
    const message = `${recordId} was executed, but its offloaded result is gone; keep offloaded results for longer than records`;
    throw new IdempotencyError('RESULT_OMITTED', message, { recordId });
  }
  if (bytes.byteLength !== byteLength)
    throw recordCorrupt(recordId, otherLength(bytes, byteLength));
  return bytes;
}

function otherLength({ byteLength }: Uint8Array, expected: number): Malformed {
  return new Malformed(
    `its offload answered ${byteLength} bytes, and ${expected} were put there`,
    'restore the object, or delete the record so that the work may run again',
  );
}
