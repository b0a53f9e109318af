import type { HeaderList, PlainResponse } from './plain-response.ts';
import { isFinalStatus, isSendable } from './sendable.ts';
import { textIfAscii } from './text-if-ascii.ts';

/** What is recorded of a response. */
export interface RecordedResponse extends PlainResponse {
  /** The body was too large to be kept, or could not be read. */
  readonly omitted?: true;
}

/** What was made of results that more than one request is answered with. */
const known = new WeakMap<object, PlainResponse>();

/** The response that a result holds, as {@link responseIn} has it. */
export function responseOf(result: unknown): PlainResponse | undefined {
  // Others get the same one.
  if (typeof result !== 'object' || result === null || !Object.isFrozen(result)) {
    return responseIn(result);
  }
  const before = known.get(result);
  if (before) return before;
  const response = responseIn(result);
  if (!response) return undefined;
  const kept = { ...response, content: textIfAscii(response.body) };
  known.set(result, kept);
  return kept;
}

/**
 * The response that a record holds. Undefined if there is none: the body was not kept, or an operator
 * or a probe completed the record with something else, or with what no server can send.
 *
 * They may give `{ status, headers, body }`, with the headers as an object, and the body as text or as
 * a value that is sent as JSON.
 */
function responseIn(recorded: unknown): PlainResponse | undefined {
  if (typeof recorded !== 'object' || recorded === null || 'omitted' in recorded) return undefined;
  const { status, headers = [], body } = recorded as Record<string, unknown>;
  const list = listOf(headers);
  if (!isFinalStatus(status) || !list || !isSendable(list)) return undefined;
  if (body instanceof Uint8Array) return { status, headers: list, body };
  if (body === undefined || body === null || typeof body === 'string') {
    return { status, headers: list, body: Buffer.from(body ?? '') };
  }
  const isTyped = list.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status,
    headers: isTyped ? list : [...list, ['content-type', 'application/json']],
    body: Buffer.from(JSON.stringify(body)),
  };
}

function listOf(headers: unknown): HeaderList | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const list: unknown[] = Array.isArray(headers) ? headers : Object.entries(headers);
  return list.every(isField) ? (list as unknown as HeaderList) : undefined;
}

function isField(entry: unknown): boolean {
  return (
    Array.isArray(entry) && entry.length === 2 && entry.every((part) => typeof part === 'string')
  );
}
