import { BodyRefused } from './body-refused.ts';
import { type BodyHeaders, canonicalBody } from './canonical-body.ts';
import type { Incoming } from './incoming.ts';

/** What must not change for one key, unless told otherwise: method, path, sorted query and body. */
export function defaultFingerprint(
  incoming: Incoming<unknown>,
  maxRequestBytes: number,
): string | Promise<string> {
  const [contentType = ''] = incoming.header('content-type');
  const [encoding = 'identity'] = incoming.header('content-encoding');
  const [length] = incoming.header('content-length');
  if (Number(length) > maxRequestBytes) throw new BodyRefused('body-too-large');
  const isEncoded = encoding.trim().toLowerCase() !== 'identity';
  const headers: BodyHeaders = { contentType, isEncoded };
  const body = incoming.body(maxRequestBytes);
  return body instanceof Promise
    ? body.then((read) => ofBody(incoming, canonicalBody(read, headers)))
    : ofBody(incoming, canonicalBody(body, headers));
}

function ofBody(
  incoming: Incoming<unknown>,
  body: string | Promise<string>,
): string | Promise<string> {
  // Text that is there already needs no turn of its own.
  if (typeof body !== 'string') return body.then((digest) => ofBody(incoming, digest));
  const { path, query } = partsOf(incoming.target);
  return JSON.stringify([incoming.method, path, query, body]);
}

/** The path and the sorted query of a request target, which may also be a whole URL. */
export function partsOf(target: string): { readonly path: string; readonly query: string } {
  const start = target.startsWith('/') ? 0 : pathStart(target);
  const end = target.indexOf('?', start);
  if (end < 0) return { path: target.slice(start), query: '' };
  const query = new URLSearchParams(target.slice(end));
  query.sort();
  return { path: target.slice(start, end), query: query.toString() };
}

function pathStart(url: string): number {
  const host = url.indexOf('://');
  const path = host < 0 ? -1 : url.indexOf('/', host + 3);
  return Math.max(path, 0);
}
