import type { Idempotency } from '@twiceproof/core';
import type { Context, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { BatchResponse } from './item-failures.ts';
import type { RecordsOptions } from './options.ts';
import { type Stream, streamBatch } from './stream-batch.ts';

const stream: Stream<KinesisStreamRecord> = {
  name: 'kinesisBatch',
  eventSource: 'aws:kinesis',
  key: (record) => record.eventID,
  id: (record) => record?.eventID,
  sequenceNumber: (record) => record?.kinesis?.sequenceNumber,
};

/**
 * A Lambda handler for batches of a Kinesis stream: in order, one record at a time, up to the first that
 * fails; the event source mapping needs `ReportBatchItemFailures`. The default key is the event id. The
 * state of tumbling windows is not handled.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { kinesisBatch } from '@twiceproof/lambda';
 *
 * declare const idempotency: Idempotency;
 * export const handler = kinesisBatch(idempotency, { operation: 'index' }, async (record) =>
 *   Buffer.from(record.kinesis.data, 'base64').toString(),
 * );
 * ```
 */
export function kinesisBatch(
  idempotency: Idempotency,
  options: RecordsOptions<KinesisStreamRecord, Context>,
  handler: (record: KinesisStreamRecord, context: Context) => unknown,
): (event: KinesisStreamEvent, context?: Context) => Promise<BatchResponse> {
  return streamBatch(idempotency, stream, options, handler);
}
