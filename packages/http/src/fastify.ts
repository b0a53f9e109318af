import { outcomeUnknown } from '@twiceproof/core';
import type { FastifyInstance, FastifyRequest, preHandlerHookHandler } from 'fastify';
import { type Gate, gateOf } from './gate/gate.ts';
import type { Incoming } from './gate/incoming.ts';
import type { HttpOptions } from './gate/options.ts';
import { answerNode } from './node/answer-node.ts';
import type { HeldResponse } from './node/held-response.ts';
import { incomingMessage } from './node/incoming-message.ts';
import { sendByFastify } from './node/send-by-fastify.ts';

/** Options of the plugin, which are defaults of the routes. */
export type FastifyIdempotencyOptions = HttpOptions<FastifyRequest>;

/** What a route may say: `true` for the plugin's options, or those that differ from them. */
export type RouteIdempotency = boolean | Partial<FastifyIdempotencyOptions>;

declare module 'fastify' {
  interface FastifyContextConfig {
    idempotency?: RouteIdempotency;
  }
}

/**
 * Fastify plugin for the `Idempotency-Key` header, for routes with `config.idempotency`; all others are
 * left alone. It works in `preHandler`, after the hooks that are there already, so that `scope` sees
 * what authentication has found. Throws `OPTIONS_INVALID` naming the option that is wrong.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { idempotencyKey } from '@twiceproof/http/fastify';
 * import fastify from 'fastify';
 *
 * declare const idempotency: Idempotency;
 * const app = fastify();
 * await app.register(idempotencyKey, {
 *   idempotency,
 *   scope: (request) => request.headers['x-account']?.toString(),
 * });
 * app.post(
 *   '/charges',
 *   { config: { idempotency: { operation: 'create-charge' } } },
 *   async (_request, reply) => reply.code(201).send({ charged: true }),
 * );
 * ```
 */
export const idempotencyKey: (
  app: FastifyInstance,
  options: FastifyIdempotencyOptions,
) => Promise<void> = Object.assign(plugin, {
  // Its hooks are for the app that registers it, not for one within.
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@twiceproof/http',
});

const isPlaced: unique symbol = Symbol('idempotency is among the hooks of the route');

async function plugin(
  app: FastifyInstance,
  { ...defaults }: FastifyIdempotencyOptions,
): Promise<void> {
  // Fastify's own option, where there is one.
  Reflect.deleteProperty(defaults, 'prefix');
  const hooks = new WeakMap<object, preHandlerHookHandler>();
  const held = new WeakMap<FastifyRequest, HeldResponse>();
  const defaultHook = hookOf(gateOf(defaults), held);
  const hookFor = (route: RouteIdempotency): preHandlerHookHandler => {
    if (typeof route !== 'object') return defaultHook;
    const hook = hooks.get(route) ?? hookOf(gateOf({ ...defaults, ...route }), held);
    hooks.set(route, hook);
    return hook;
  };
  // The last one of the route's own.
  app.addHook('onRoute', (route) => {
    const { idempotency } = route.config ?? {};
    if (!idempotency) return;
    route.preHandler = [route.preHandler ?? [], hookFor(idempotency)].flat();
    Object.assign(route.config!, { [isPlaced]: true });
  });
  // For routes that were there before this plugin was loaded.
  app.addHook('preHandler', function early(request, reply, next) {
    const { config } = request.routeOptions;
    if (!config.idempotency || isPlaced in config) next();
    else hookFor(config.idempotency).call(this, request, reply, next);
  });
  app.addHook('onError', (request, _reply, error, next) => {
    // Its own timeout answers while the handler goes on.
    const isGivenUp = error.code === 'FST_ERR_HANDLER_TIMEOUT';
    held.get(request)?.threw(isGivenUp ? outcomeUnknown(error) : error);
    next();
  });
}

function hookOf(
  gate: Gate<FastifyRequest>,
  held: WeakMap<FastifyRequest, HeldResponse>,
): preHandlerHookHandler {
  return (request, reply, next) => {
    if (!gate.takes(request.method)) {
      next();
      return;
    }
    const handle = (response: HeldResponse): void => {
      held.set(request, response);
      next();
    };
    answerNode(gate, incomingOf(request), reply.raw, handle)
      .then((remaining) => {
        if (remaining.kind === 'untouched') next();
        if (remaining.kind === 'respond') sendByFastify(reply, remaining.response);
      })
      .catch((error) => next(error));
  };
}

function incomingOf(request: FastifyRequest): Incoming<FastifyRequest> {
  const { raw, originalUrl, routeOptions, body } = request;
  const rawBody = 'rawBody' in request ? request.rawBody : undefined;
  return incomingMessage(request, raw, {
    target: originalUrl,
    route: routeOptions.url,
    body,
    rawBody,
  });
}
