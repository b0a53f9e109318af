import { Buffer } from 'node:buffer';

/** The digest of the record id: it differs between environments, operations, runs and keys, and says nothing of them. */
export function downstreamKeyOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** A UUID (version 8) of the same digest: its first 128 bits, but for the six that say what it is. */
export function downstreamUuidOf(id: string): string {
  const bytes = Buffer.from(downstreamKeyOf(id), 'base64url').subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
