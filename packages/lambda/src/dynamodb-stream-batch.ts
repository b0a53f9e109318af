import type { Idempotency } from '@twiceproof/core';
import type { Context, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { BatchResponse } from './item-failures.ts';
import type { RecordsOptions } from './options.ts';
import { type Stream, streamBatch } from './stream-batch.ts';

const stream: Stream<DynamoDBRecord> = {
  name: 'dynamodbStreamBatch',
  eventSource: 'aws:dynamodb',
  key: (record) => record.eventID,
  id: (record) => record?.eventID,
  sequenceNumber: (record) => record?.dynamodb?.SequenceNumber,
};

/**
 * A Lambda handler for batches of a DynamoDB stream: in order, one record at a time, up to the first
 * that fails; the event source mapping needs `ReportBatchItemFailures`. The default key is the event
 * id. The state of tumbling windows is not handled.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { dynamodbStreamBatch } from '@twiceproof/lambda';
 *
 * declare const idempotency: Idempotency;
 * export const handler = dynamodbStreamBatch(idempotency, { operation: 'project' }, async (record) =>
 *   record.dynamodb?.NewImage,
 * );
 * ```
 */
export function dynamodbStreamBatch(
  idempotency: Idempotency,
  options: RecordsOptions<DynamoDBRecord, Context>,
  handler: (record: DynamoDBRecord, context: Context) => unknown,
): (event: DynamoDBStreamEvent, context?: Context) => Promise<BatchResponse> {
  return streamBatch(idempotency, stream, options, handler);
}
