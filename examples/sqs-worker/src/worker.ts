import { once } from 'node:events';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { currentExecution, type Idempotency } from '@twiceproof/core';
import { handleMessage } from '@twiceproof/messaging/sqs-consumer';
import { Consumer } from 'sqs-consumer';
import { CardDeclined } from './idempotency.ts';

interface Payment {
  paymentId: string;
  euros: number;
}

const paymentIn = (body = ''): Payment => JSON.parse(body);

/** A worker of the queue. Answers how to stop it: it takes nothing new, and ends what runs. */
export function startWorker(
  name: string,
  queue: { sqs: SQSClient; queueUrl: string },
  idempotency: Idempotency,
): () => Promise<void> {
  const consumer = Consumer.create({
    ...queue,
    waitTimeSeconds: 1,
    pollingCompleteWaitTimeMs: 10_000,
    handleMessage: handleMessage(
      queue,
      idempotency,
      {
        operation: 'charge',
        key: (message) => paymentIn(message.Body).paymentId,
        // The same payment with another amount is no duplicate, but a mistake.
        fingerprint: (message) => paymentIn(message.Body).euros,
      },
      async (message) => {
        const { paymentId, euros } = paymentIn(message.Body);
        if (euros > 1_000) throw new CardDeclined(`${paymentId}: ${euros} EUR are too much`);
        console.log(`${name}: charged ${paymentId} ${euros} EUR`);
        return { receipt: currentExecution().downstreamKey };
      },
    ),
  });
  consumer.on('message_processed', ({ Body }) => {
    console.log(`${name}: ${paymentIn(Body).paymentId} is done with`);
  });
  consumer.on('processing_error', ({ message }) => {
    console.log(`${name}: ${message.replace(/^Unexpected message handler failure: /, 'left, ')}`);
  });
  consumer.on('error', (error) => console.error(error.message));
  consumer.start();
  return async () => {
    const stopped = once(consumer, 'stopped');
    consumer.stop();
    await stopped;
  };
}
