import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startSqs } from '@twiceproof/engines';
import { test } from 'vitest';
import { surviveKills } from './chaos.ts';

test('SQS: no kill loses a message, and none repeats an effect without cause', async () => {
  const engine = await startSqs({ own: true });
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const sqs = new SQSClient({ endpoint: engine.endpoint, region: 'eu-west-1', credentials });
  const visibility = 2;
  try {
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({
        QueueName: 'chaos',
        Attributes: { VisibilityTimeout: String(visibility) },
      }),
    );
    await surviveKills({
      client: 'sqs-consumer',
      url: engine.endpoint,
      queue: QueueUrl!,
      workMs: 150,
      redeliveryMs: visibility * 1_000,
      publish: async (bodies) => {
        for (let from = 0; from < bodies.length; from += 10) {
          const Entries = bodies
            .slice(from, from + 10)
            .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
          await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
        }
      },
      left: async () => {
        const { Attributes } = await sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
        );
        return (
          Number(Attributes?.ApproximateNumberOfMessages) +
          Number(Attributes?.ApproximateNumberOfMessagesNotVisible)
        );
      },
    });
  } finally {
    sqs.destroy();
    await engine.stop();
  }
}, 300_000);
