import type { Message } from '@aws-sdk/client-sqs';
import type { Idempotency } from '@twiceproof/core';
import { checkKey, type KeyedConsumerOptions } from '../consumer-options.ts';
import { heartbeatingConsumer } from '../heartbeating-consumer.ts';
import { thrownError } from '../thrown-error.ts';
import { checkQueueSettings, type QueueSettings } from './queue-settings.ts';
import { Visibility } from './visibility.ts';

export type { QueueSettings } from './queue-settings.ts';

// How often it is looked whether a beat is due: it depends on the queue, which is yet to be asked.
const everyMs = 250;
const mostMsToAsk = 5_000;

/**
 * A `handleMessage` for a `Consumer` of sqs-consumer: a message whose work is done is deleted; one whose work is in
 * progress elsewhere is hidden until that may be done; all others stay for the queue's
 * visibility timeout and redrive policy, and their errors are thrown. While a handler holds its lease, its
 * message is kept hidden.
 *
 * @example
 * ```ts
 * import { SQSClient } from '@aws-sdk/client-sqs';
 * import type { Idempotency } from '@twiceproof/core';
 * import { handleMessage } from '@twiceproof/messaging/sqs-consumer';
 * import { Consumer } from 'sqs-consumer';
 *
 * declare const idempotency: Idempotency;
 * declare const charge: (body: string) => Promise<void>;
 * const queue = {
 *   sqs: new SQSClient(),
 *   queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/charges',
 * };
 *
 * const consumer = Consumer.create({
 *   ...queue,
 *   handleMessage: handleMessage(
 *     queue,
 *     idempotency,
 *     { operation: 'charge', key: (message) => JSON.parse(message.Body ?? '').paymentId },
 *     async (message) => charge(message.Body ?? ''),
 *   ),
 * });
 * ```
 */
export function handleMessage<Value, Own extends Message = Message>(
  queue: QueueSettings,
  idempotency: Pick<Idempotency, 'wrap'>,
  options: KeyedConsumerOptions<[message: Own]>,
  handler: (message: Own) => Value | Promise<Value>,
): (message: Own) => Promise<Own | undefined> {
  checkQueueSettings(queue);
  checkKey(options);
  const visibility = new Visibility(queue);
  const consume = heartbeatingConsumer<[message: Own], Value>(idempotency, options, handler, {
    everyMs,
    tick: (message) => visibility.kept(message),
  });
  return async (message) => {
    const verdict = await consume(message);
    if (verdict.do === 'ack') return message;
    if (verdict.afterMs === undefined) throw thrownError(verdict);
    try {
      const limit = AbortSignal.timeout(mostMsToAsk);
      await visibility.change(message, Math.ceil(verdict.afterMs / 1_000), limit);
    } catch {
      // Then it comes after the queue's own time.
    }
    return undefined;
  };
}
