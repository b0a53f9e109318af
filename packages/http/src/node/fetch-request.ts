import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { invalidOption } from '@twiceproof/core/toolkit';

/** What Express, or a parser that keeps the bytes, adds to a message. */
export interface FrameworkMessage extends IncomingMessage {
  readonly originalUrl?: string;
  readonly rawBody?: unknown;
}

/** A request of node:http as one of the Fetch standard. Throws if its bytes are gone. */
export function fetchRequest(req: FrameworkMessage): Request {
  const { method = 'GET', rawHeaders, rawBody } = req;
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    // The pseudo-headers of HTTP/2 are no headers.
    if (!name.startsWith(':')) headers.append(name, rawHeaders[index + 1]!);
  }
  const init = { method, headers };
  if (method === 'GET' || method === 'HEAD') return new Request(urlOf(req), init);
  if (rawBody instanceof Uint8Array) {
    return new Request(urlOf(req), { ...init, body: new Uint8Array(rawBody) });
  }
  if (req.readableDidRead) {
    throw invalidOption(
      'the request body was read before listener() could see it, and a signature is of its bytes; put the listener before body parsers, or keep the bytes as rawBody',
    );
  }
  const body = Readable.toWeb(req) as ReadableStream<Uint8Array>;
  return new Request(urlOf(req), { ...init, body, duplex: 'half' });
}

function urlOf({ originalUrl, url = '/', headers: { host = 'localhost' } }: FrameworkMessage): URL {
  const target = originalUrl ?? url;
  return URL.parse(target, `http://${host}`) ?? new URL('http://localhost/');
}
