import { hash } from 'node:crypto';
import type { Random } from './random.ts';
import { awsRegion } from './s3-notification.ts';

/** One SQS message as an event source mapping hands it to a consumer. */
export interface SqsMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: {
    readonly ApproximateReceiveCount: string;
    readonly SentTimestamp: string;
    readonly SenderId: string;
    readonly ApproximateFirstReceiveTimestamp: string;
  };
  readonly messageAttributes: Readonly<Record<string, never>>;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A message that was just sent, at its first receive. */
export function sqsMessage(random: Random, body: string, sentAt: number): SqsMessage {
  return {
    messageId: random.uuid(),
    receiptHandle: receiptHandle(random),
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(sentAt),
      SenderId: 'AIDAJHIPRHEMV73VRJEBU',
      ApproximateFirstReceiveTimestamp: String(sentAt + random.whole(2, 60)),
    },
    messageAttributes: {},
    md5OfBody: hash('md5', body),
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${awsRegion}:123456789012:order-events`,
    awsRegion,
  };
}

/** The same message received once more: its visibility timeout ran out, so the receipt handle is new. */
export function receivedAgain(random: Random, message: SqsMessage): SqsMessage {
  const received = Number(message.attributes.ApproximateReceiveCount) + 1;
  return {
    ...message,
    receiptHandle: receiptHandle(random),
    attributes: { ...message.attributes, ApproximateReceiveCount: String(received) },
  };
}

function receiptHandle(random: Random): string {
  return `AQEB${random.text(170, base64)}==`;
}
