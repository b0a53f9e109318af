import { invalidOption } from '@twiceproof/core/toolkit';
import type { HeaderList } from './plain-response.ts';

const alwaysRecorded = ['content-type', 'content-encoding', 'location'];
const recordedByDefault = [
  'content-language',
  'content-disposition',
  'etag',
  'last-modified',
  'link',
];

/** They belong to one connection or to one principal, or are made anew for every answer. */
const neverRecorded: ReadonlySet<string> = new Set([
  'authentication-info',
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'date',
  'idempotency-expires',
  'idempotent-replayed',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
]);

/** The names of the response headers that are recorded, in lower case. */
export function recordedNames(
  listed: readonly string[] | undefined,
  keyHeader: string,
): ReadonlySet<string> {
  const names = (listed ?? recordedByDefault).map((name) => name.toLowerCase());
  const refused = names.find((name) => neverRecorded.has(name) || name === keyHeader);
  if (refused !== undefined) {
    throw invalidOption(
      `headers has '${refused}', which belongs to one connection, one principal or one answer; leave it out`,
    );
  }
  return new Set([...alwaysRecorded, ...names]);
}

export function onlyNamed(
  headers: Iterable<readonly [string, string]>,
  names: ReadonlySet<string>,
): HeaderList {
  const kept: [string, string][] = [];
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (names.has(lower)) kept.push([lower, value]);
  }
  return kept;
}
