import type { IncomingMessage } from 'node:http';
import type { Context, Env, Input, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { answerFetch } from './fetch/answer-fetch.ts';
import { headerValues } from './fetch/incoming-request.ts';
import { messageOf, readMessage } from './fetch/node-incoming.ts';
import { RequestBody } from './fetch/request-body.ts';
import type { ReceivedBody } from './gate/canonical-body.ts';
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
    const received = await gate.receive(new IncomingContext(context, body));
    const answering = answerFetch(gate, received, () => {
      context.req.raw = body.request;
      return next().then(() => {
        const { error } = context;
        return { response: context.res, thrown: error && { error } };
      });
    });
    const response = answering instanceof Promise ? await answering : answering;
    if (!response) return next();
    // Emptied first: otherwise the headers of both would be merged.
    if (context.finalized) context.res = undefined;
    context.res = response;
  };
}

/** A request of Hono's, for the gate; where it came by node:http, straight from there. */
class IncomingContext<C extends Context> implements Incoming<C> {
  readonly #context: C;
  readonly #raw: Request;
  readonly #body: RequestBody;
  readonly #message: IncomingMessage | undefined;
  #isShown = false;

  constructor(context: C, body: RequestBody) {
    this.#context = context;
    this.#raw = context.req.raw;
    this.#body = body;
    this.#message = messageOf(this.#raw, context.env);
  }

  get request(): C {
    this.#isShown = true;
    return this.#context;
  }

  get method(): string {
    return this.#raw.method;
  }

  get target(): string {
    return this.#raw.url;
  }

  get route(): string {
    return routePath(this.#context, -1);
  }

  header(name: string): readonly string[] {
    if (this.#message) return valuesOf(this.#message.rawHeaders, name);
    return headerValues(this.#raw.headers, name);
  }

  body(limit: number): ReceivedBody | Promise<ReceivedBody> {
    const { req, env } = this.#context;
    // Once more where a function of the request may have read it meanwhile.
    const message = this.#isShown ? this.#message && messageOf(this.#raw, env) : this.#message;
    const reading = message && readMessage(message, limit);
    if (reading) return reading;
    // Hono has kept what was read before.
    if (!this.#raw.bodyUsed) return this.#body.read(limit).then((bytes) => ({ bytes }));
    if ('formData' in req.bodyCache) return req.formData().then((parsed) => ({ parsed }));
    return req.arrayBuffer().then((bytes) => ({ bytes: new Uint8Array(bytes) }));
  }
}
