import type { Idempotency } from '@twiceproof/core';
import type { ConsumeMessage } from 'amqplib';
import { consumer } from '../consumer.ts';
import { checkKey, invalid, type KeyedConsumerOptions } from '../consumer-options.ts';
import type { Verdict } from '../verdict.ts';
import type { ChannelLike } from './channel-like.ts';
import { DelayedAnswers } from './delayed-answers.ts';
import { retryPause } from './retry-pause.ts';

/**
 * A callback for `channel.consume(queue, …)` of amqplib: messages are acknowledged when their work is done,
 * given back after a pause when it is to be tried again, and dead-lettered when that makes no sense. It resolves to
 * the verdict, and to undefined where there was no message.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { onMessage } from '@twiceproof/messaging/amqplib';
 * import type { Channel } from 'amqplib';
 *
 * declare const channel: Channel;
 * declare const idempotency: Idempotency;
 * declare const charge: (body: Buffer) => Promise<void>;
 *
 * await channel.prefetch(10);
 * await channel.consume(
 *   'charges',
 *   onMessage(
 *     channel,
 *     idempotency,
 *     { operation: 'charge', key: (message) => message.properties.messageId },
 *     async (message) => charge(message.content),
 *   ),
 * );
 * ```
 */
export function onMessage<Value, Message extends object = ConsumeMessage>(
  channel: ChannelLike,
  idempotency: Pick<Idempotency, 'wrap'>,
  options: KeyedConsumerOptions<[message: Message]>,
  handler: (message: Message) => Value | Promise<Value>,
): (message: Message | null) => Promise<Verdict<Value> | undefined> {
  if (typeof channel?.nack !== 'function') {
    throw invalid('channel', channel, 'the channel that the messages are consumed on');
  }
  checkKey(options);
  const consume = consumer<[message: Message], Value>(idempotency, options, handler);
  const waiting = new DelayedAnswers();
  // Stand-ins for a channel may have no events.
  channel.once?.('close', () => waiting.close());
  return async (message) => {
    // Null: the broker has cancelled the consumer.
    if (message === null) return undefined;
    const verdict = await consume(message);
    if (verdict.do === 'ack') answer(() => channel.ack(message as never));
    else if (verdict.do === 'reject') answer(() => channel.nack(message as never, false, false));
    else {
      const requeue = (): void => answer(() => channel.nack(message as never, false, true));
      waiting.after(retryPause(verdict, message), requeue);
    }
    return verdict;
  };
}

/** On a channel that is closed nothing can be answered: the message comes again, and finds its record. */
function answer(say: () => void): void {
  try {
    say();
  } catch {}
}
