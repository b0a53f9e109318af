import type { Idempotency, KeyValue } from '@twiceproof/core';
import type { Context, S3Event, S3EventRecord } from 'aws-lambda';
import type { Source } from './event-records.ts';
import { everyRecord } from './every-record.ts';
import type { RecordsOptions } from './options.ts';

const source: Source<S3EventRecord> = {
  name: 's3Records',
  eventSource: 'aws:s3',
  key,
  id: (record) => record?.responseElements?.['x-amz-request-id'],
};

/**
 * A Lambda handler for notifications of S3. Every record is tried; if any failed it throws an
 * `AggregateError`, so that Lambda tries the event again. The default key is the bucket, the object's
 * key, its version or ETag, the sequencer and the event's name.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { s3Records } from '@twiceproof/lambda';
 *
 * declare const idempotency: Idempotency;
 * export const handler = s3Records(idempotency, { operation: 'thumbnail' }, async (record) =>
 *   record.s3.object.key,
 * );
 * ```
 */
export function s3Records(
  idempotency: Idempotency,
  options: RecordsOptions<S3EventRecord, Context>,
  handler: (record: S3EventRecord, context: Context) => unknown,
): (event: S3Event, context?: Context) => Promise<void> {
  return everyRecord(idempotency, source, options, handler);
}

/** A deleted object may have no version, and some events have no sequencer: those are told apart by their time. */
function key({ s3, eventName, eventTime }: S3EventRecord): KeyValue {
  const { key, versionId, eTag, sequencer } = s3.object;
  return [
    s3.bucket.name,
    decodedKey(key),
    versionId || eTag || 'no version',
    sequencer || { eventTime },
    eventName,
  ];
}

/** Object keys are form-encoded in notifications: a space is a plus. */
function decodedKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}
