import { createIdempotency, type IdempotencyOptions } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import type { HttpOptions } from '../../src/index.ts';

/** The options of the conformance suite's routes, by path. */
export interface Routes<Req> {
  readonly paths: readonly string[];
  of(path: string): HttpOptions<Req>;
}

/** What the suite expects of each path, for a scope that finds the principal in a framework's request. */
export function routesOf<Req>(
  principal: (request: Req) => string | undefined,
  deployment: Partial<IdempotencyOptions> = {},
): Routes<Req> {
  const idempotency = createIdempotency({
    environment: 'test',
    store: memoryStore(),
    ...deployment,
  });
  const own: Record<string, Partial<HttpOptions<Req>>> = {
    '/charges': {},
    '/optional': { required: false },
    '/waiting': { inProgress: 'wait' },
    '/limited': { maxBodyBytes: 4_096 },
  };
  return {
    paths: Object.keys(own),
    of: (path) => ({ idempotency, scope: principal, ...own[path] }),
  };
}
