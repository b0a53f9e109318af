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
export function plainResponse({ status, headers, body }: PlainResponse): Response {
  const content = bodiless.has(status) ? null : contentOf(headers, body);
  return new Response(content, { status, headers: initOf(headers) });
}

function contentOf(headers: HeaderList, body: Uint8Array): string | Uint8Array<ArrayBuffer> | null {
  if (body.byteLength === 0) return null;
  // Text would bring a content type of its own.
  const isTyped = headers.some(([name]) => name === 'content-type');
  return (isTyped ? textIfAscii(body) : body) as string | Uint8Array<ArrayBuffer>;
}

/** As an object where no name comes twice: servers on node:http write that without a detour. */
function initOf(list: HeaderList): Record<string, string> | Headers {
  const object = Object.fromEntries(list);
  if (Object.keys(object).length === list.length) return object;
  const headers = new Headers();
  for (const [name, value] of list) headers.append(name, value);
  return headers;
}

const bodiless: ReadonlySet<number> = new Set([101, 204, 205, 304]);

function bodyFor(status: number, body: Body): Body {
  return bodiless.has(status) ? null : body;
}
