import type { Message } from '@platformatic/kafka';
import type { Idempotency } from '@twiceproof/core';
import { consumerWith } from '../consumer.ts';
import { checkKey, type KeyedConsumerOptions } from '../consumer-options.ts';
import { checkInOrderOptions, type InOrderOptions, inOrder } from '../in-order.ts';

interface MessageLike {
  commit(): unknown;
}

/** Options of {@link onMessage}. `held` is `'reject'` by default: to retry would block the partition. */
export type OnMessageOptions<Own> = KeyedConsumerOptions<[message: Own]> & InOrderOptions<Own>;

/**
 * Takes the messages of a stream of @platformatic/kafka that was opened with `autocommit: false`, one
 * after the other: it commits a message whose work is done, waits in place while that is in progress elsewhere, gives
 * what would end no better to `deadLetter`, and throws what must be tried again, uncommitted.
 *
 * @example
 * ```ts
 * import type { Consumer, Message } from '@platformatic/kafka';
 * import type { Idempotency } from '@twiceproof/core';
 * import { onMessage } from '@twiceproof/messaging/platformatic-kafka';
 *
 * declare const consumer: Consumer<string, string, string, string>;
 * declare const idempotency: Idempotency;
 * declare const charge: (body: string) => Promise<void>;
 *
 * const handle = onMessage(
 *   idempotency,
 *   { operation: 'charge', key: (message) => message.key },
 *   async (message: Message<string, string, string, string>) => charge(message.value),
 * );
 * const stream = await consumer.consume({ topics: ['charges'], autocommit: false });
 * for await (const message of stream) await handle(message);
 * ```
 */
export function onMessage<Value, Own extends MessageLike = Message>(
  idempotency: Pick<Idempotency, 'wrap'>,
  options: OnMessageOptions<Own>,
  handler: (message: Own) => Value | Promise<Value>,
): (message: Own) => Promise<void> {
  checkKey(options);
  const { deadLetter, signal, ...own } = options ?? {};
  checkInOrderOptions({ deadLetter, signal });
  const consume = consumerWith<[message: Own], Value>(idempotency, own, handler, 'reject');
  // The client sends its heartbeats by itself.
  const take = inOrder(consume, { deadLetter, signal }, () => {});
  return async (message) => {
    await take(message);
    await message.commit();
  };
}
