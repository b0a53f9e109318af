import type { IncomingMessage, ServerResponse } from 'node:http';
import { gateOf } from './gate/gate.ts';
import type { HttpOptions } from './gate/options.ts';
import { problemOf, standardAnswer } from './gate/problem.ts';
import { answerNode } from './node/answer-node.ts';
import { fetchRequest } from './node/fetch-request.ts';
import { incomingMessage } from './node/incoming-message.ts';
import { sendResponse } from './node/send-response.ts';
import { writeResponse } from './node/write-response.ts';

type Listener<Req extends IncomingMessage, Res extends ServerResponse> = (
  request: Req,
  response: Res,
) => unknown;

/**
 * Gives a listener of node:http the `Idempotency-Key` header. What the listener throws, or rejects
 * with, frees the key; it is written to the console, and the client gets a 500, since there is no
 * framework that would do it. Throws `OPTIONS_INVALID` naming the option that is wrong.
 *
 * Without `operation`, it is the method and the path: give one where ids stand in the path.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import type { Idempotency } from '@twiceproof/core';
 * import { idempotencyKey } from '@twiceproof/http/node';
 *
 * declare const idempotency: Idempotency;
 * createServer(
 *   idempotencyKey({ idempotency, operation: 'create-charge', scope: 'public' }, (_request, response) => {
 *     response.writeHead(201, { 'content-type': 'application/json' }).end('{"charged":true}');
 *   }),
 * );
 * ```
 */
export function idempotencyKey<
  Req extends IncomingMessage = IncomingMessage,
  Res extends ServerResponse = ServerResponse,
>(options: HttpOptions<Req>, handler: Listener<Req, Res>): (request: Req, response: Res) => void {
  const gate = gateOf(options);
  return (request, response) => {
    if (!gate.takes(request.method ?? '')) {
      handler(request, response);
      return;
    }
    const incoming = incomingMessage(request, request, {
      target: request.url ?? '/',
      route: undefined,
    });
    answerNode(gate, incoming, response, () => handler(request, response))
      .then((remaining) => {
        if (remaining.kind === 'untouched') handler(request, response);
        if (remaining.kind === 'respond') writeResponse(response, remaining.response);
      })
      .catch((error) => fail(response, error));
  };
}

function fail(response: ServerResponse, error: unknown): void {
  console.error(error);
  if (response.headersSent) response.destroy();
  else writeResponse(response, standardAnswer(problemOf('handler-failed')));
}

/**
 * A fetch handler, such as `webhook()` gives, as a listener of node:http or a handler of Express. The
 * body must not have been parsed before, unless its bytes are kept as `rawBody`.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { listener } from '@twiceproof/http/node';
 *
 * createServer(listener(async (request) => new Response(await request.text())));
 * ```
 */
export function listener(
  handler: (request: Request) => Response | Promise<Response>,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    (async () => sendResponse(response, await handler(fetchRequest(request))))().catch((error) =>
      fail(response, error),
    );
  };
}
