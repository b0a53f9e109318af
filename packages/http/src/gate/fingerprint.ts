import { BodyRefused } from './body-refused.ts';
import { canonicalBody, type ReceivedBody } from './canonical-body.ts';
import type { Incoming } from './incoming.ts';

/** The body, where it is not too large for what must not change to be made of it. */
export function receivedBody(
  incoming: Incoming<unknown>,
  maxRequestBytes: number,
): ReceivedBody | Promise<ReceivedBody> {
  const [length] = incoming.header('content-length');
  if (Number(length) > maxRequestBytes) throw new BodyRefused('body-too-large');
  return incoming.body(maxRequestBytes);
}

/** What must not change for one key, unless told otherwise: method, path, sorted query and body. */
export function defaultFingerprint(
  incoming: Incoming<unknown>,
  received: ReceivedBody,
): string | Promise<string> {
  const [contentType = ''] = incoming.header('content-type');
  const [encoding] = incoming.header('content-encoding');
  const isEncoded = encoding !== undefined && encoding.trim().toLowerCase() !== 'identity';
  const body = canonicalBody(received, { contentType, isEncoded });
  return typeof body === 'string'
    ? fingerprintOf(incoming, body)
    : body.then((digest) => fingerprintOf(incoming, digest));
}

/** The text that the last request had before its body's: many have the same. */
let before = '';
let beforeOf: { readonly method: string; readonly target: string } | undefined;

function fingerprintOf({ method, target }: Incoming<unknown>, body: string): string {
  if (beforeOf?.target !== target || beforeOf.method !== method) {
    const { path, query } = partsOf(target);
    before = JSON.stringify([method, path, query]).slice(0, -1);
    beforeOf = { method, target };
  }
  // A digest and its kind: nothing in it needs an escape.
  return `${before},"${body}"]`;
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
