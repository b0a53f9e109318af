import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { HeaderList } from '../gate/plain-response.ts';

/** The status line and headers of a response, as they were when its handler sent them. */
export interface Head {
  readonly status: number;
  readonly message: string;
  readonly headers: HeaderList;
}

/** What is about to be sent of `res`, with its headers, or those that are kept for it elsewhere. */
export function headOf(res: ServerResponse, kept: ServerResponse = res): Head {
  const headers: [string, string][] = [];
  for (const [name, value] of Object.entries(kept.getHeaders())) {
    if (Array.isArray(value)) for (const each of value) headers.push([name, each]);
    else headers.push([name, String(value)]);
  }
  return { status: res.statusCode, message: res.statusMessage, headers };
}

/** Sets each header to what the list has for it. */
export function setHeaders(res: ServerResponse, list: HeaderList): void {
  for (const [name, value] of byName(list)) res.setHeader(name, value);
}

/** Each name once, with all of its values: who sets one after the other keeps the last. */
export function byName(list: HeaderList): Map<string, string | string[]> {
  const values = new Map<string, string | string[]>();
  for (const [name, value] of list) {
    const known = values.get(name);
    values.set(name, known === undefined ? value : [known, value].flat());
  }
  return values;
}

/** The headers that `writeHead` was given: an object, or names and values in turn. */
export function setGivenHeaders(res: ServerResponse, given: unknown): void {
  if (!Array.isArray(given)) {
    for (const [name, value] of Object.entries((given ?? {}) as OutgoingHttpHeaders)) {
      if (value !== undefined) res.setHeader(name, value);
    }
    return;
  }
  const pairs: [string, string][] = Array.isArray(given[0])
    ? given
    : given.flatMap((name, index) => (index % 2 === 0 ? [[name, given[index + 1]]] : []));
  setHeaders(
    res,
    pairs.flatMap(([name, value]) => [value].flat().map((each) => [name, String(each)] as const)),
  );
}

/** Headers that describe a body, and so go with it when another one takes its place. */
const ofBody =
  /^(content-.*|transfer-encoding|etag|last-modified|location|link|accept-ranges|retry-after|set-cookie)$/i;

export function removeBodyHeaders(res: ServerResponse): void {
  for (const name of res.getHeaderNames()) if (ofBody.test(name)) res.removeHeader(name);
}
