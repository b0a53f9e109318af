import type { IncomingMessage } from 'node:http';
import { invalidOption } from '@twiceproof/core/toolkit';
import { BodyRefused } from '../gate/body-refused.ts';
import type { ReceivedBody } from '../gate/canonical-body.ts';

/** What a framework's parsers may have left of a body. */
export interface ParsedBody {
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

// More than one layer may ask for the same body.
const peeked = new WeakMap<IncomingMessage, Uint8Array>();

/** The body of a request: what a parser has left of it, or its bytes, which stay there to be read. */
export function bodyOf(
  req: IncomingMessage,
  { body, rawBody }: ParsedBody,
  limit: number,
): ReceivedBody | Promise<ReceivedBody> {
  if (rawBody instanceof Uint8Array) return { bytes: rawBody };
  const known = peeked.get(req);
  if (known) return { bytes: known };
  if (!hasBody(req)) return { bytes: new Uint8Array() };
  // Some parsers leave an empty object for a body that they did not read.
  if (!req.readableDidRead) return peek(req, limit);
  if (body instanceof Uint8Array) return { bytes: body };
  if (typeof body === 'string') return { bytes: Buffer.from(body) };
  if (body !== undefined) return { parsed: body };
  throw invalidOption(
    'the request body was read before the idempotency layer could see it, and nothing was left of it; put the layer before what reads it, or give fingerprint',
  );
}

function hasBody({ headers, httpVersionMajor }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return true;
  const length = headers['content-length'];
  return length === undefined ? httpVersionMajor > 1 : Number(length) !== 0;
}

async function peek(req: IncomingMessage, limit: number): Promise<ReceivedBody> {
  try {
    const bytes = await readAndPutBack(req, limit);
    peeked.set(req, bytes);
    return { bytes };
  } catch (error) {
    // Nobody is going to read it, and what is not read keeps the connection from its next request.
    req.resume();
    throw error;
  }
}

/**
 * Catches what arrives on its way into the stream and puts it there when all of it is known: a stream
 * that nobody has read to its end has not ended for whoever reads it next, also where it is empty.
 */
async function readAndPutBack(req: IncomingMessage, limit: number): Promise<Uint8Array> {
  // Now the parser is done with what has arrived together with the headers.
  await undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  const add = (chunk: Buffer): void => {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > limit) throw new BodyRefused('body-too-large');
  };
  const early: Buffer | null = req.read();
  if (early !== null) add(early);
  // The client has gone, and nobody who reads it later would ever hear of its end.
  if (req.destroyed && (early !== null || !hasArrived(req))) throw new BodyRefused('body-invalid');
  if (hasArrived(req)) {
    // In the same turn, before it can end.
    if (early !== null) req.unshift(early);
    return early ?? new Uint8Array();
  }
  const { promise: arrived, resolve, reject } = Promise.withResolvers<void>();
  const gone = (): void => reject(new BodyRefused('body-invalid'));
  req.once('close', gone).once('error', gone);
  req.push = (chunk: Buffer | null) => {
    try {
      if (chunk === null) resolve();
      else add(chunk);
    } catch (error) {
      reject(error);
    }
    return true;
  };
  try {
    req.read(0);
    await arrived;
  } finally {
    req.off('close', gone).off('error', gone);
    Reflect.deleteProperty(req, 'push');
  }
  for (const chunk of chunks) req.push(chunk);
  req.push(null);
  return Buffer.concat(chunks);
}

function hasArrived(req: IncomingMessage & { stream?: { readableEnded?: boolean } }): boolean {
  return req.complete || req.stream?.readableEnded === true;
}
