import type { Idempotency } from '@twiceproof/core';
import { checkCount } from '@twiceproof/core/toolkit';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Source } from './event-records.ts';
import { type BatchResponse, type FailedItem, itemFailures } from './item-failures.ts';
import { inLanes } from './lanes.ts';
import type { RecordsOptions } from './options.ts';
import { type Failed, type RecordCall, recordCalls } from './record-calls.ts';

/** Options of {@link sqsBatch}. */
export interface SqsOptions extends RecordsOptions<SQSRecord, Context> {
  /** How many records, or groups of a FIFO queue, are taken side by side. Default 10. */
  readonly concurrency?: number | undefined;
}

const source: Source<SQSRecord> = {
  name: 'sqsBatch',
  eventSource: 'aws:sqs',
  key: (record) => record.messageId,
  id: (record) => record?.messageId,
};

/**
 * A Lambda handler for batches of SQS that answers which records failed; the event source mapping
 * needs `ReportBatchItemFailures`. Records run side by side, those of one group of a FIFO queue one
 * after the other. The default key is the message id.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { sqsBatch } from '@twiceproof/lambda';
 *
 * declare const idempotency: Idempotency;
 * export const handler = sqsBatch(
 *   idempotency,
 *   { operation: 'charge', key: (record) => JSON.parse(record.body).paymentId },
 *   async (record) => JSON.parse(record.body).amount,
 * );
 * ```
 */
export function sqsBatch(
  idempotency: Idempotency,
  { concurrency = 10, ...options }: SqsOptions,
  handler: (record: SQSRecord, context: Context) => unknown,
): (event: SQSEvent, context?: Context) => Promise<BatchResponse> {
  checkCount(concurrency, 'concurrency');
  const calls = recordCalls(idempotency, source, options, handler);
  return async (event, context) => {
    const failed: FailedItem[] = [];
    const take = async (lane: readonly RecordCall<SQSRecord>[]): Promise<void> => {
      let earlier: Failed | undefined;
      for (const call of lane) {
        // What comes later in a group must not overtake what failed.
        const failure = await (earlier ? call.fail(untried(earlier)) : call.run());
        if (!failure) continue;
        earlier ??= failure;
        failed.push({ id: call.record?.messageId, error: failure.error });
      }
    };
    await inLanes(lanesOf(calls(event, context!)), concurrency, take);
    return itemFailures(failed, `sqsBatch '${options.operation}'`, 'messageId');
  };
}

/** Fair queues have message groups too; only those of a FIFO queue have an order. */
function lanesOf(
  calls: readonly RecordCall<SQSRecord>[],
): Iterable<readonly RecordCall<SQSRecord>[]> {
  return Map.groupBy(calls, (call) =>
    call.record?.eventSourceARN?.endsWith('.fifo') ? call.record.attributes?.MessageGroupId : call,
  ).values();
}

function untried({ error }: Failed): Error {
  return new Error('not tried, because an earlier message of its group failed', { cause: error });
}
