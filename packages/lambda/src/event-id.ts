/**
 * A key for events of EventBridge: their own id, which stays the same when one is delivered again.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { eventId, idempotentHandler } from '@twiceproof/lambda';
 * import type { EventBridgeEvent } from 'aws-lambda';
 *
 * declare const idempotency: Idempotency;
 * export const handler = idempotentHandler(
 *   idempotency,
 *   { operation: 'sweep', key: eventId },
 *   async (event: EventBridgeEvent<'Scheduled Event', object>) => event.time,
 * );
 * ```
 */
export function eventId(event: { readonly id: string }): string {
  return event.id;
}
