import type { Context, Env, Input, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { answerFetch } from './fetch/answer-fetch.ts';
import { incomingRequest } from './fetch/incoming-request.ts';
import { messageOf, readMessage } from './fetch/node-incoming.ts';
import { RequestBody } from './fetch/request-body.ts';
import { gateOf } from './gate/gate.ts';
import type { Incoming } from './gate/incoming.ts';
import type { HttpOptions } from './gate/options.ts';
import { valuesOf } from './node/raw-headers.ts';

/**
 * Hono middleware for the `Idempotency-Key` header. `scope` and the other functions of the request get
 * Hono's context. Throws `OPTIONS_INVALID` naming the option that is wrong.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { idempotencyKey } from '@twiceproof/http/hono';
 * import { Hono } from 'hono';
 *
 * declare const idempotency: Idempotency;
 * const app = new Hono<{ Variables: { user: string } }>();
 * app.post(
 *   '/charges',
 *   idempotencyKey({ idempotency, operation: 'create-charge', scope: (c) => c.get('user') }),
 *   (c) => c.json({ charged: true }, 201),
 * );
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: as Hono's own middleware, so that it fits into every app
export function idempotencyKey<E extends Env = any, P extends string = any, I extends Input = any>(
  options: HttpOptions<Context<E, P, I>>,
): MiddlewareHandler<E, P, I> {
  const gate = gateOf(options);
  return async (context, next) => {
    if (!gate.takes(context.req.method)) return next();
    const body = new RequestBody(context.req.raw);
    const response = await answerFetch(gate, incomingContext(context, body), async () => {
      context.req.raw = body.request;
      await next();
      const { error } = context;
      return { response: context.res, thrown: error && { error } };
    });
    if (!response) return next();
    // Emptied first: otherwise the headers of both would be merged.
    if (context.finalized) context.res = undefined;
    context.res = response;
  };
}

function incomingContext<C extends Context>(context: C, body: RequestBody): Incoming<C> {
  const { raw } = context.req;
  const incoming = incomingRequest(context, raw, body, routePath(context, -1));
  const message = messageOf(raw, context.env);
  if (message) {
    return {
      ...incoming,
      header: (name) => valuesOf(message.rawHeaders, name),
      body: (limit) => readMessage(message, limit)?.then(inBytes) ?? incoming.body(limit),
    };
  }
  // What came before may have read the body, and Hono has kept it.
  if (!raw.bodyUsed) return incoming;
  return {
    ...incoming,
    body: async () =>
      'formData' in context.req.bodyCache
        ? { parsed: await context.req.formData() }
        : { bytes: new Uint8Array(await context.req.arrayBuffer()) },
  };
}

function inBytes(bytes: Uint8Array): { readonly bytes: Uint8Array } {
  return { bytes };
}
