import { createIdempotency, type IdempotencyOptions, type Store } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, vi } from 'vitest';
import { type HttpOptions, idempotencyKey } from '../src/index.ts';

type Handler = (request: Request) => Response | Promise<Response>;

/** A fetch handler behind the layer, and what sends it a request with a key. */
export function route(
  handler: Handler,
  options: Partial<HttpOptions<Request>> = {},
  deployment: Partial<IdempotencyOptions> = {},
) {
  const idempotency = createIdempotency({
    environment: 'test',
    store: memoryStore(),
    ...deployment,
  });
  const answer = idempotencyKey(
    { idempotency, operation: 'charge', scope: 'public', ...options },
    handler,
  );
  const send = (init: RequestInit = {}) =>
    answer(
      new Request('http://localhost/charges', {
        method: 'POST',
        body: '{"amount":10}',
        ...init,
        headers: { 'idempotency-key': '"1"', 'content-type': 'application/json', ...init.headers },
      }),
    );
  return { idempotency, send };
}

/** Status and name of an answer that is a problem of the layer. */
export async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const { type } = (await response.json()) as { type: string };
  return [response.status, type.replace('urn:twiceproof:problem:', '')];
}

export const succeed = () => vi.fn(() => Response.json({ charged: true }, { status: 201 }));
/** A memory store with a part that fails. */
export const failing = (part: Partial<Store>): Store => ({ ...memoryStore(), ...part });
export const refuse = () => Promise.reject(new Error('connection refused'));
