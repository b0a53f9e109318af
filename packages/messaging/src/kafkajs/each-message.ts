import type { Idempotency } from '@twiceproof/core';
import type { EachMessagePayload } from 'kafkajs';
import { checkKey, type KeyedConsumerOptions } from '../consumer-options.ts';
import { heartbeatingConsumer } from '../heartbeating-consumer.ts';
import { checkInOrderOptions, type InOrderOptions, inOrder } from '../in-order.ts';

// The client itself sends no more of them than its `heartbeatInterval` says.
const everyMs = 1_000;

interface PayloadLike {
  heartbeat(): Promise<void>;
}

/** Options of {@link eachMessage}. `held` is `'reject'` by default: to retry would block the partition. */
export type EachMessageOptions<Payload> = KeyedConsumerOptions<[payload: Payload]> &
  InOrderOptions<Payload>;

/**
 * An `eachMessage` for `consumer.run` of kafkajs, and of clients with the same interface. It resolves when the work is done;
 * waits in place, with heartbeats, while it is in progress elsewhere; gives what would end no better
 * to `deadLetter`; and throws what the client is to try again.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { eachMessage } from '@twiceproof/messaging/kafkajs';
 * import type { Consumer, Producer } from 'kafkajs';
 *
 * declare const consumer: Consumer;
 * declare const producer: Producer;
 * declare const idempotency: Idempotency;
 * declare const charge: (body: Buffer | null) => Promise<void>;
 *
 * await consumer.run({
 *   eachMessage: eachMessage(
 *     idempotency,
 *     {
 *       operation: 'charge',
 *       key: ({ message }) => message.key?.toString(),
 *       deadLetter: ({ message }) => producer.send({ topic: 'charges-dead', messages: [message] }),
 *     },
 *     async ({ message }) => charge(message.value),
 *   ),
 * });
 * ```
 */
export function eachMessage<Value, Payload extends PayloadLike = EachMessagePayload>(
  idempotency: Pick<Idempotency, 'wrap'>,
  options: EachMessageOptions<Payload>,
  handler: (payload: Payload) => Value | Promise<Value>,
): (payload: Payload) => Promise<void> {
  checkKey(options);
  const { deadLetter, signal, ...own } = options ?? {};
  checkInOrderOptions({ deadLetter, signal });
  const consume = heartbeatingConsumer<[payload: Payload], Value>(idempotency, own, handler, {
    everyMs,
    tick: (payload) => () => payload.heartbeat(),
    held: 'reject',
  });
  return inOrder(consume, { deadLetter, signal }, (payload) => payload.heartbeat());
}
