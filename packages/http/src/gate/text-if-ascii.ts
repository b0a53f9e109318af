import { isAscii } from 'node:buffer';

/** Text is sent in one piece with the headers, where bytes take a second one; only long ones are worth that. */
const longest = 64 * 1024;

/** A body as text where that comes to the same bytes in every encoding, and as it is elsewhere. */
export function textIfAscii(body: Uint8Array): string | Uint8Array {
  if (body.byteLength > longest || !isAscii(body)) return body;
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
}
