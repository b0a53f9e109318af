import type { HeaderList, PlainResponse } from '../gate/plain-response.ts';
import { textIfAscii } from '../gate/text-if-ascii.ts';

type Body = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;

/** The same response with another body, and with these headers. */
export function responseOf(response: Response, body: Body, added: HeaderList): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of added) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(bodyFor(status, body), { status, statusText, headers });
}

/** A recorded response or a problem as a Response. */
export function plainResponse(response: PlainResponse): Response {
  return madeAgain(response.status, response.headers, contentOf(response));
}

export function madeAgain(status: number, headers: HeaderList, content: Content): Response {
  const body = bodiless.has(status) ? null : content;
  return new Response(body, { status, headers: initOf(headers) });
}

type Content = string | Uint8Array<ArrayBuffer> | null;

function contentOf({ headers, body, content }: PlainResponse): Content {
  if (body.byteLength === 0) return null;
  // Text would bring a content type of its own.
  const isTyped = headers.some(([name]) => name === 'content-type');
  return (isTyped ? (content ?? textIfAscii(body)) : body) as Content;
}

/** As an object where no name comes twice: servers on node:http write that without a detour. */
function initOf(list: HeaderList): Record<string, string> | Headers {
  const object: Record<string, string> = {};
  for (let at = 0; at < list.length; at += 1) {
    const [name, value] = list[at]!;
    if (name === '__proto__' || hasBefore(list, at, name)) return headersOf(list);
    object[name] = value;
  }
  return object;
}

/** There are few: comparing each with each takes less than asking an object for a name that it does not have. */
function hasBefore(list: HeaderList, end: number, name: string): boolean {
  for (let at = 0; at < end; at += 1) if (list[at]![0] === name) return true;
  return false;
}

function headersOf(list: HeaderList): Headers {
  const headers = new Headers();
  for (const [name, value] of list) headers.append(name, value);
  return headers;
}

const bodiless: ReadonlySet<number> = new Set([101, 204, 205, 304]);

function bodyFor(status: number, body: Body): Body {
  return bodiless.has(status) ? null : body;
}
