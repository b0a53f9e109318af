import type { Idempotency, Wrapped } from '@twiceproof/core';
import { checkIdempotency, checkWrappable, invalidOption } from '@twiceproof/core/toolkit';
import { type InvocationTime, type Limits, limitsOf, marginMsOf } from './invocation-time.ts';
import type { InvocationOptions } from './options.ts';

/** Gives the wrapped function for one call; throws `TIMED_OUT` if there is no time left to begin it. */
export type InvocationCall<Input, Context, Value> = (
  context: Context,
  handler?: Handler<Input, Context, Value>,
) => Wrapped<unknown, [input: Input, context: Context], Value>;

type Handler<Input, Context, Value> = (input: Input, context: Context) => Value | Promise<Value>;

/**
 * Wraps a handler anew for each call, within what is left of the invocation then. Wrong options throw
 * here already.
 */
export function invocationCall<Input, Context, Value>(
  where: string,
  idempotency: Idempotency,
  { margin, ...options }: InvocationOptions<[input: Input, context: Context]>,
  handler: Handler<Input, Context, Value>,
): InvocationCall<Input, Context, Value> {
  checkIdempotency(idempotency, where);
  checkWrappable(handler, where);
  const marginMs = marginMsOf(margin);
  const wrap = (
    fn: Handler<Input, Context, Value>,
    limits: Limits,
  ): Wrapped<unknown, [Input, Context], Value> =>
    idempotency.wrap(fn, { ...options, ...limits }) as never;
  wrap(handler, {});
  return (context, own = handler) =>
    wrap(own, limitsOf(context as InvocationTime | undefined, options, marginMs));
}

/** Events without an id of their own need a key that is chosen. */
export function checkKeyed(
  where: string,
  idempotency: Idempotency,
  options: { readonly key?: unknown } | undefined,
): void {
  checkIdempotency(idempotency, where);
  if (typeof options?.key === 'function') return;
  throw invalidOption(
    `${where} needs a key; give a function of the event, e.g. key: (event) => event.detail.orderId, or eventId for events of EventBridge`,
  );
}
