import type { HeaderList } from '../gate/plain-response.ts';

/** What a response was made of. */
export interface MadeResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

/**
 * What a response of `@hono/node-server` was made of, which it keeps until somebody looks at its body, and
 * from which it is written without a stream. Undefined for any other response, and for one with a body that
 * has to be read, or whose content type is a default: it is read as every response can be.
 */
export function madeOf(response: Response): MadeResponse | undefined {
  const kept = keptIn(response);
  if (!Array.isArray(kept) || kept.length !== 3 || kept[0] !== response.status) return undefined;
  const headers = listOf(kept[2]);
  const body: unknown = kept[1];
  if (!headers || !(body === null || typeof body === 'string' || isBytes(body))) return undefined;
  const isTyped = headers.some(([name]) => name === 'content-type');
  return body === null || isTyped ? { status: response.status, headers, body } : undefined;
}

/** The name that the last one was kept under: nearly always that of the next one, too. */
let lastName: symbol | undefined;

function keptIn(response: Response): unknown {
  const parts = response as unknown as Record<symbol, unknown>;
  const known = lastName && parts[lastName];
  if (known) return known;
  const name = Object.getOwnPropertySymbols(response).find(
    ({ description }) => description === 'cache',
  );
  if (!name) return undefined;
  lastName = name;
  return parts[name];
}

function isBytes(body: unknown): body is Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array && Object.getPrototypeOf(body) === Uint8Array.prototype;
}

/** With names in lower case, as Headers has them. */
function listOf(init: unknown): HeaderList | undefined {
  if (init instanceof Headers) return [...init];
  if (typeof init !== 'object' || init === null || Array.isArray(init)) return undefined;
  const list: [string, string][] = [];
  for (const [name, value] of Object.entries(init)) {
    if (typeof value !== 'string') return undefined;
    list.push([name.toLowerCase(), value]);
  }
  return list;
}
