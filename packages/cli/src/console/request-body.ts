import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** Longest body of a request; a value that an operator types in is far from it. */
const mostBytes = 1_048_576;

/** The JSON object in the body of a request. */
export async function requestBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    throw new Refusal('INVALID', 'The request is no JSON.');
  }
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > mostBytes) throw tooLarge();
    chunks.push(chunk as Buffer);
  }
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new Refusal('INVALID', 'The request is no JSON.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Refusal('INVALID', 'The request is no JSON object.');
  }
  return body as Record<string, unknown>;
}

/** A member of a body that has to be text, of at most so many characters. */
export function textOf(body: Record<string, unknown>, name: string, most: number): string {
  const text = Object.hasOwn(body, name) ? body[name] : undefined;
  if (typeof text !== 'string' || text.trim() === '') {
    throw new Refusal('INVALID', `Give ${name}.`);
  }
  if (text.length > most) {
    throw new Refusal('INVALID', `${name} has ${text.length} characters; give at most ${most}.`);
  }
  return text;
}

function tooLarge(): Refusal {
  return new Refusal('TOO_LARGE', `The request is larger than ${mostBytes / 1_048_576} MiB.`);
}
