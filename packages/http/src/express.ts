import type { IncomingMessage, ServerResponse } from 'node:http';
import { gateOf } from './gate/gate.ts';
import type { Incoming } from './gate/incoming.ts';
import type { HttpOptions } from './gate/options.ts';
import { answerNode } from './node/answer-node.ts';
import { incomingMessage, type MessageDetails } from './node/incoming-message.ts';
import { writeResponse } from './node/write-response.ts';

/** As much of Express' request as the layer looks at; Express 4 and 5 both have it. */
export interface ExpressRequest extends IncomingMessage {
  readonly originalUrl: string;
  readonly baseUrl: string;
  readonly route?: { readonly path?: unknown } | undefined;
  readonly body?: unknown;
  readonly params: unknown;
}

/**
 * Express middleware, for Express 4 and 5, for the `Idempotency-Key` header. Put it into the route,
 * after what authenticates; body parsers may stand before or after it. What an error handler answers
 * is a response like any other. Throws `OPTIONS_INVALID` naming the option that is wrong.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { idempotencyKey } from '@twiceproof/http/express';
 * import express, { type Request } from 'express';
 *
 * declare const idempotency: Idempotency;
 * declare function userOf(request: Request): string;
 * const app = express();
 * app.post(
 *   '/charges',
 *   idempotencyKey({ idempotency, operation: 'create-charge', scope: userOf }),
 *   (_request, response) => void response.status(201).json({ charged: true }),
 * );
 * ```
 */
export function idempotencyKey<Req extends ExpressRequest = ExpressRequest>(
  options: HttpOptions<Req>,
): (req: Req, res: ServerResponse, next: (error?: unknown) => void) => void {
  const gate = gateOf(options);
  return (req, res, next) => {
    if (!gate.takes(req.method ?? '')) {
      next();
      return;
    }
    answerNode(gate, incomingOf(req), res, () => next())
      .then((remaining) => {
        if (remaining.kind === 'untouched') next();
        if (remaining.kind === 'respond') writeResponse(res, remaining.response);
      })
      .catch(next);
  };
}

function incomingOf<Req extends ExpressRequest>(req: Req): Incoming<Req> {
  return incomingMessage(req, req, new ExpressDetails(req));
}

/** A class, not an object with a getter: V8 makes a hidden class for the closure of each, which keeps its request
 * until a major collection. */
class ExpressDetails implements MessageDetails {
  readonly #req: ExpressRequest;
  readonly target: string;
  readonly route: string | undefined;
  readonly rawBody: unknown;

  constructor(req: ExpressRequest & { readonly rawBody?: unknown }) {
    const { originalUrl, baseUrl, route, rawBody } = req;
    this.#req = req;
    this.target = originalUrl;
    this.route = typeof route?.path === 'string' ? `${baseUrl}${route.path}` : undefined;
    this.rawBody = rawBody;
  }

  /** Looked at when it is asked for: a function of the request may still parse it. */
  get body(): unknown {
    return this.#req.body;
  }
}
