/**
 * What `currentExecution().downstreamKey` was in the attempts of a record id, for finding their effect at
 * the service that was handed it. It is the digest of the id: it differs between environments, operations,
 * runs and keys, and says nothing of them.
 *
 * @example
 * ```ts
 * import { downstreamKeyOf } from '@twiceproof/core';
 *
 * declare const refusal: { recordId: string };
 * console.log('look at the provider for', downstreamKeyOf(refusal.recordId));
 * ```
 */
export function downstreamKeyOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/**
 * What `currentExecution().downstreamUuid` was in the attempts of a record id: a UUID (version 8) of the
 * same digest, its first 128 bits but for the six that say what it is.
 *
 * @example
 * ```ts
 * import { downstreamUuidOf } from '@twiceproof/core';
 *
 * declare const refusal: { recordId: string };
 * console.log('look at the provider for', downstreamUuidOf(refusal.recordId));
 * ```
 */
export function downstreamUuidOf(id: string): string {
  const bytes = Buffer.from(downstreamKeyOf(id), 'base64url').subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
