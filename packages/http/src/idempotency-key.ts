import { answerFetch } from './fetch/answer-fetch.ts';
import { incomingRequest } from './fetch/incoming-request.ts';
import { RequestBody } from './fetch/request-body.ts';
import { gateOf } from './gate/gate.ts';
import type { HttpOptions } from './gate/options.ts';

/**
 * Gives a fetch handler the `Idempotency-Key` header: Next.js route handlers, SvelteKit, Bun, Deno,
 * Workers, and whatever else takes a Request and answers a Response. A request with a key runs the
 * handler once; another one with the same key gets the recorded response. What the framework hands
 * over beside the request is passed on. Throws `OPTIONS_INVALID` naming the option that is wrong.
 *
 * Without `operation`, it is the method and the path: give one where ids stand in the path.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { idempotencyKey } from '@twiceproof/http';
 *
 * declare const idempotency: Idempotency;
 * declare function userOf(request: Request): Promise<string | undefined>;
 * declare function charge(order: unknown): Promise<object>;
 *
 * export const POST = idempotencyKey(
 *   { idempotency, operation: 'create-charge', scope: userOf },
 *   async (request) => Response.json(await charge(await request.json()), { status: 201 }),
 * );
 * ```
 */
export function idempotencyKey<Req extends Request = Request, Rest extends unknown[] = unknown[]>(
  options: HttpOptions<Req>,
  handler: (request: Req, ...rest: Rest) => Response | Promise<Response>,
): (request: Req, ...rest: Rest) => Promise<Response> {
  const gate = gateOf(options);
  return async (request, ...rest) => {
    if (!gate.takes(request.method)) return handler(request, ...rest);
    const body = new RequestBody(request);
    const incoming = incomingRequest(request, request, body, undefined);
    const received = await gate.receive(incoming);
    const response = await answerFetch(gate, received, async () => ({
      response: await handler(body.request as Req, ...rest),
    }));
    return response ?? handler(request, ...rest);
  };
}
