import type { Idempotency } from '@twiceproof/core';
import type { Context, SNSEvent, SNSEventRecord } from 'aws-lambda';
import type { Source } from './event-records.ts';
import { everyRecord } from './every-record.ts';
import type { RecordsOptions } from './options.ts';

const source: Source<SNSEventRecord> = {
  name: 'snsRecords',
  eventSource: 'aws:sns',
  key: (record) => record.Sns?.MessageId,
  id: (record) => record?.Sns?.MessageId,
};

/**
 * A Lambda handler for messages of SNS. Every record is tried; if any failed it throws an
 * `AggregateError`, so that Lambda tries the event again. The default key is the message id.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { snsRecords } from '@twiceproof/lambda';
 *
 * declare const idempotency: Idempotency;
 * export const handler = snsRecords(idempotency, { operation: 'notify' }, async (record) =>
 *   record.Sns.Message,
 * );
 * ```
 */
export function snsRecords(
  idempotency: Idempotency,
  options: RecordsOptions<SNSEventRecord, Context>,
  handler: (record: SNSEventRecord, context: Context) => unknown,
): (event: SNSEvent, context?: Context) => Promise<void> {
  return everyRecord(idempotency, source, options, handler);
}
