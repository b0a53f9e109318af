import type { JsMsg } from '@nats-io/jetstream';
import type { Idempotency } from '@twiceproof/core';
import { checkKey, type KeyedConsumerOptions } from '../consumer-options.ts';
import { heartbeatingConsumer } from '../heartbeating-consumer.ts';
import { messageOf } from '../thrown-error.ts';
import type { Verdict } from '../verdict.ts';
import { type MessageLike, takesReason } from './message-like.ts';

// Well within an `ack_wait` of a few seconds, which a message does not tell.
const everyMs = 500;
// A message that is given back without a delay is delivered thousands of times a second.
const pauseMs = 1_000;
const mostCharactersOfReason = 256;

/** A callback for `consume`, and a function to call in `for await`. It never rejects. */
export interface OnMessage<Message, Value> {
  (message: Message): Promise<Verdict<Value>>;
  (message: Message): void;
}

/**
 * Takes messages of a JetStream consumer: they are acknowledged when their work is done, given back with a delay
 * when it is to be tried again, and terminated when that makes no sense. A handler that takes
 * longer than `ack_wait` keeps its message for as long as it holds its lease.
 *
 * @example
 * ```ts
 * import type { Consumer } from '@nats-io/jetstream';
 * import type { Idempotency } from '@twiceproof/core';
 * import { onMessage } from '@twiceproof/messaging/nats';
 *
 * declare const consumer: Consumer;
 * declare const idempotency: Idempotency;
 * declare const charge: (payment: { paymentId: string }) => Promise<void>;
 *
 * await consumer.consume({
 *   callback: onMessage(
 *     idempotency,
 *     { operation: 'charge', key: (message) => message.json<{ paymentId: string }>().paymentId },
 *     async (message) => charge(message.json()),
 *   ),
 * });
 * ```
 */
export function onMessage<Value, Message extends MessageLike = JsMsg>(
  idempotency: Pick<Idempotency, 'wrap'>,
  options: KeyedConsumerOptions<[message: Message]>,
  handler: (message: Message) => Value | Promise<Value>,
): OnMessage<Message, Value> {
  checkKey(options);
  const consume = heartbeatingConsumer<[message: Message], Value>(idempotency, options, handler, {
    everyMs,
    tick: (message) => () => message.working(),
  });
  return async (message: Message) => {
    const verdict = await consume(message);
    try {
      await answer(message, verdict);
    } catch {
      // The connection is gone: the message comes again, and finds its record.
    }
    return verdict;
  };
}

async function answer(message: MessageLike, verdict: Verdict): Promise<void> {
  if (verdict.do === 'ack') await message.ackAck();
  else if (verdict.do === 'retry') message.nak(verdict.afterMs ?? pauseMs);
  else if (takesReason(message)) message.term(reasonOf(verdict.error));
  else message.term();
}

function reasonOf(error: unknown): string {
  return messageOf(error).replace(/\s+/g, ' ').slice(0, mostCharactersOfReason);
}
