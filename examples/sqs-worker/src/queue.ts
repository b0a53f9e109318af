import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/** A queue that gives a message up after two tries, to a queue of dead letters. */
export async function createQueue(endpoint: string) {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const sqs = new SQSClient({ endpoint, region: 'eu-west-1', credentials });
  const create = async (QueueName: string, Attributes: Record<string, string>): Promise<string> =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl!;
  const attributesOf = async (QueueUrl: string): Promise<Record<string, string>> =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })))
      .Attributes ?? {};

  const deadUrl = await create('charges-dead', {});
  const deadLetterTargetArn = (await attributesOf(deadUrl)).QueueArn;
  const queueUrl = await create('charges', {
    VisibilityTimeout: '2',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }),
  });
  const count = async (url: string): Promise<number> => {
    const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } =
      await attributesOf(url);
    return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
  };
  return {
    sqs,
    queueUrl,
    send: (MessageBody: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody })),
    deadLetters: () => count(deadUrl),
    /** Resolves when every message is done with or dead. */
    async drained() {
      while ((await count(queueUrl)) > 0) await delay(50);
    },
  };
}
