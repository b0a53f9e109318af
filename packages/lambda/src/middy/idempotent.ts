import type { Idempotency, KeyValue } from '@twiceproof/core';
import type { Context } from 'aws-lambda';
import { checkKeyed, invocationCall } from '../invocation-call.ts';
import type { InvocationOptions } from '../options.ts';
import { noteExecution } from './execution-of.ts';
import { type OpenCall, openCall } from './open-call.ts';

/** As much of Middy's request as this middleware uses. */
export interface MiddlewareRequest<Event> {
  event: Event;
  context: Context;
  // biome-ignore lint/suspicious/noExplicitAny: as Middy has it, or its types would not take the middleware
  response: any;
  error: Error | null | undefined;
  internal: object;
  // biome-ignore lint/suspicious/noExplicitAny: as Middy has it
  earlyResponse?: any;
}

/** A middleware for `middy(handler).use(…)`. */
export interface IdempotentMiddleware<Event> {
  before(request: MiddlewareRequest<Event>): Promise<void>;
  after(request: MiddlewareRequest<Event>): Promise<void>;
  onError(request: MiddlewareRequest<Event>): Promise<void>;
}

/** Options of {@link idempotent}. */
export interface MiddlewareOptions<Event>
  extends InvocationOptions<[event: Event, context: Context]> {
  /** What identifies the event's work. */
  readonly key: (event: Event, context: Context) => KeyValue;
}

/**
 * A middleware under which the handler executes once for each key. A replay answers early: the handler,
 * the middlewares after this one and every `after` are left out, so what shapes the response belongs
 * behind it, and what may answer early before it.
 *
 * @example
 * ```ts
 * import middy from '@middy/core';
 * import type { Idempotency } from '@twiceproof/core';
 * import { idempotent } from '@twiceproof/lambda/middy';
 *
 * declare const idempotency: Idempotency;
 * export const handler = middy(async (event: { orderId: string }) => `shipped ${event.orderId}`).use(
 *   idempotent(idempotency, { operation: 'ship', key: (event: { orderId: string }) => event.orderId }),
 * );
 * ```
 */
export function idempotent<Event>(
  idempotency: Idempotency,
  options: MiddlewareOptions<Event>,
): IdempotentMiddleware<Event> {
  const where = 'idempotent';
  checkKeyed(where, idempotency, options);
  const call = invocationCall(where, idempotency, options, async (): Promise<unknown> => undefined);
  const openCalls = new WeakMap<object, OpenCall>();
  const take = (request: object): OpenCall | undefined => {
    const open = openCalls.get(request);
    openCalls.delete(request);
    return open;
  };

  return {
    async before(request) {
      const { event, context } = request;
      const open = openCall(
        (handler) => call(context, handler).settled(event, context),
        () => noteExecution(context),
      );
      const answered = await open.begun;
      if (!answered) openCalls.set(request, open);
      else if ('error' in answered) throw answered.error;
      // Not returned: the recorded response may be undefined.
      else request.earlyResponse = answered.value;
    },
    async after(request) {
      const settled = await take(request)?.succeed(request.response);
      if (settled && 'error' in settled) throw settled.error;
    },
    async onError(request) {
      await take(request)?.fail(request.error);
    },
  };
}
