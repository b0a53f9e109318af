import type { Idempotency } from '@twiceproof/core';
import type { Context } from 'aws-lambda';
import type { Source } from './event-records.ts';
import { type BatchResponse, itemFailures } from './item-failures.ts';
import type { RecordsOptions } from './options.ts';
import { recordCalls } from './record-calls.ts';

/** A stream, and how the place of a record in it is known. */
export interface Stream<Item> extends Source<Item> {
  readonly sequenceNumber: (record: Item) => unknown;
}

/**
 * Takes the records of a stream in order and stops at the first that fails: Lambda sends everything
 * from there on again.
 */
export function streamBatch<Item>(
  idempotency: Idempotency,
  stream: Stream<Item>,
  options: RecordsOptions<Item, Context>,
  handler: (record: Item, context: Context) => unknown,
): (event: { Records: Item[] }, context?: Context) => Promise<BatchResponse> {
  const calls = recordCalls(idempotency, stream, options, handler);
  const where = `${stream.name} '${options.operation}'`;
  return async (event, context) => {
    for (const call of calls(event, context!)) {
      const failed = await call.run();
      if (!failed) continue;
      const id = stream.sequenceNumber(call.record);
      return itemFailures([{ ...failed, id }], where, 'sequence number');
    }
    return { batchItemFailures: [] };
  };
}
