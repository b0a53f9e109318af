import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { sampleEvent } from './sample-event.ts';

const [sample] = sampleEvent<SQSEvent>('sqs').Records as [SQSRecord];
const [fifoSample] = sampleEvent<SQSEvent>('sqs-fifo').Records as [SQSRecord];

/** A message of a standard queue. */
export function message(messageId: string, body: string): SQSRecord {
  return { ...sample, messageId, body };
}

/** A message of a FIFO queue. */
export function groupMessage(group: string, messageId: string, body: string): SQSRecord {
  const attributes = { ...fifoSample.attributes, MessageGroupId: group };
  return { ...fifoSample, messageId, body, attributes };
}
