import { nodeCrypto } from '@twiceproof/core/toolkit';
import { BodyRefused } from './body-refused.ts';
import { canonicalJson } from './canonical-json.ts';
import { parseExactJson } from './exact-json.ts';

/** A request body: as it was received, or as the framework has parsed it before. */
export type ReceivedBody = { readonly bytes: Uint8Array } | { readonly parsed: unknown };

/** What is said of a body beside its bytes. */
export interface BodyHeaders {
  readonly contentType: string;
  /** Whether it is compressed. */
  readonly isEncoded: boolean;
}

/**
 * Digest of what must not change of a body. JSON with its properties in another order, a form with its
 * fields in another order, and a multipart body with another boundary are the same; everything else
 * counts by its bytes. Throws {@link BodyRefused} for what calls itself JSON and is none.
 */
export function canonicalBody(body: ReceivedBody, headers: BodyHeaders): string | Promise<string> {
  if ('parsed' in body) return ofParsed(body.parsed);
  const { bytes } = body;
  if (bytes.byteLength === 0) return 'none';
  const type = mediaType(headers.contentType);
  if (!headers.isEncoded) {
    if (type === 'application/json' || type.endsWith('+json')) return ofJson(bytes);
    if (type === 'application/x-www-form-urlencoded') return ofForm(bytes);
    if (type === 'multipart/form-data') return ofMultipart(bytes, headers.contentType);
  }
  return ofBytes(bytes);
}

/** Of the last request: many have the same. */
let lastType = '';
let lastMediaType = '';

/** A content type without its parameters. */
function mediaType(contentType: string): string {
  if (contentType !== lastType) {
    lastMediaType = contentType.split(';', 1)[0]!.trim().toLowerCase();
    lastType = contentType;
  }
  return lastMediaType;
}

function ofParsed(parsed: unknown): string | Promise<string> {
  if (parsed === undefined || parsed === null) return 'none';
  if (parsed instanceof FormData) return ofFields(parsed);
  const text = canonicalJson(parsed);
  if (text === undefined) throw new BodyRefused('body-invalid');
  return digestOf('json', text);
}

// A retry mostly sends the same bytes, and then costs no more than their digest. No payload is kept.
const mostKnown = 1_000;
const known = new Map<string, string>();

function ofJson(bytes: Uint8Array): string {
  const digest = nodeCrypto().hash('sha256', bytes, 'base64url');
  const before = known.get(digest);
  if (before !== undefined) return before;
  const body = readJson(bytes);
  if (known.size === mostKnown) known.delete(known.keys().next().value!);
  known.set(digest, body);
  return body;
}

function readJson(bytes: Uint8Array): string {
  let value: unknown;
  try {
    value = parseExactJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    // So deep that not even its numbers can be looked at.
    if (error instanceof RangeError) return ofBytes(bytes);
    throw new BodyRefused('body-invalid');
  }
  const text = canonicalJson(value);
  return text === undefined ? ofBytes(bytes) : digestOf('json', text);
}

function ofForm(bytes: Uint8Array): string {
  const fields = new URLSearchParams(new TextDecoder().decode(bytes));
  fields.sort();
  return digestOf('form', JSON.stringify([...fields]));
}

async function ofMultipart(bytes: Uint8Array, contentType: string): Promise<string> {
  try {
    const body = new Response(bytes as Uint8Array<ArrayBuffer>, {
      headers: { 'content-type': contentType },
    });
    return await ofFields(await body.formData());
  } catch {
    return ofBytes(bytes);
  }
}

async function ofFields(form: FormData): Promise<string> {
  const fields: unknown[] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') fields.push([name, value]);
    else fields.push([name, value.name, value.type, digestOf('bytes', await value.bytes())]);
  }
  return digestOf('multipart', JSON.stringify(fields));
}

function ofBytes(bytes: Uint8Array): string {
  return digestOf('bytes', bytes);
}

function digestOf(kind: string, data: string | Uint8Array): string {
  return `${kind}:${nodeCrypto().hash('sha256', data, 'base64url')}`;
}
