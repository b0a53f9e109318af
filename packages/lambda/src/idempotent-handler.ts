import type { Idempotency, KeyValue } from '@twiceproof/core';
import type { Context } from 'aws-lambda';
import { checkKeyed, invocationCall } from './invocation-call.ts';
import type { InvocationOptions } from './options.ts';

/** Options of {@link idempotentHandler}. */
export interface HandlerOptions<Event> extends InvocationOptions<[event: Event, context: Context]> {
  /** What identifies the event's work. */
  readonly key: (event: Event, context: Context) => KeyValue;
}

/**
 * A Lambda handler that executes once for each key, and answers every other invocation from the
 * record. It throws what core throws.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { idempotentHandler } from '@twiceproof/lambda';
 * import type { EventBridgeEvent } from 'aws-lambda';
 *
 * declare const idempotency: Idempotency;
 * export const handler = idempotentHandler(
 *   idempotency,
 *   { operation: 'ship', key: (event: EventBridgeEvent<'paid', { orderId: string }>) => event.detail.orderId },
 *   async (event) => `shipped ${event.detail.orderId}`,
 * );
 * ```
 */
export function idempotentHandler<Event, Result>(
  idempotency: Idempotency,
  options: HandlerOptions<Event>,
  handler: (event: Event, context: Context) => Result | Promise<Result>,
): (event: Event, context?: Context) => Promise<Result> {
  const where = 'idempotentHandler';
  checkKeyed(where, idempotency, options);
  const call = invocationCall(where, idempotency, options, handler);
  return async (event, context) => call(context!)(event, context!);
}
