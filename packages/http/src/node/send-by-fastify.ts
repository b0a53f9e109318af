import { Readable } from 'node:stream';
import type { PlainResponse } from '../gate/plain-response.ts';
import { byName } from './head.ts';

/** As much of Fastify's reply as it takes. */
export interface FastifyReplyLike {
  header(name: string, value: string | string[]): unknown;
  code(status: number): unknown;
  send(payload: Uint8Array | Readable | undefined): unknown;
}

/** Sends a whole response through Fastify, and its hooks. */
export function sendByFastify(
  reply: FastifyReplyLike,
  { status, headers, body }: PlainResponse,
): void {
  for (const [name, value] of byName(headers)) reply.header(name, value);
  reply.code(status);
  if (body.byteLength === 0) {
    reply.send(undefined);
    return;
  }
  // A copy: other requests may get the same bytes, and a hook may change them.
  const bytes = new Uint8Array(body);
  if (headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    reply.send(bytes);
    return;
  }
  // Bytes without a content type would be given one, and a stream is not.
  reply.header('content-length', String(bytes.byteLength));
  reply.send(Readable.from(Buffer.from(bytes.buffer)));
}
