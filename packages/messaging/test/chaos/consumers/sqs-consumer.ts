import { once } from 'node:events';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import { handleMessage } from '../../../src/sqs-consumer/index.ts';
import { consumerProcess } from '../consumer-process.ts';

await consumerProcess(async ({ url, queue }, { idempotency, handler }) => {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const sqs = new SQSClient({ endpoint: url, region: 'eu-west-1', credentials });
  const consumer = Consumer.create({
    sqs,
    queueUrl: queue,
    batchSize: 5,
    waitTimeSeconds: 1,
    pollingCompleteWaitTimeMs: 10_000,
    handleMessage: handleMessage(
      { sqs, queueUrl: queue },
      idempotency,
      { operation: 'chaos', key: (message) => message.Body },
      (message) => handler(message.Body ?? ''),
    ),
  });
  consumer.on('error', () => {});
  consumer.on('processing_error', (error) => console.error(error.message));
  consumer.start();
  return async () => {
    const stopped = once(consumer, 'stopped');
    consumer.stop();
    await stopped;
    sqs.destroy();
  };
});
