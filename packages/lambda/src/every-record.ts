import type { Idempotency } from '@twiceproof/core';
import type { Context } from 'aws-lambda';
import type { Source } from './event-records.ts';
import type { RecordsOptions } from './options.ts';
import { recordCalls } from './record-calls.ts';

/**
 * Tries every record of an event, in order, and throws what failed: sources that take no answer send
 * the whole event again, and what is done is replayed then.
 */
export function everyRecord<Item>(
  idempotency: Idempotency,
  source: Source<Item>,
  options: RecordsOptions<Item, Context>,
  handler: (record: Item, context: Context) => unknown,
): (event: { Records: Item[] }, context?: Context) => Promise<void> {
  const calls = recordCalls(idempotency, source, options, handler);
  return async (event, context) => {
    const errors: unknown[] = [];
    const all = calls(event, context!);
    for (const call of all) {
      const failed = await call.run();
      if (failed) errors.push(failed.error);
    }
    if (errors.length === 0) return;
    throw new AggregateError(
      errors,
      `${source.name} '${options.operation}': ${errors.length} of ${all.length} records failed, so that the event is sent again`,
    );
  };
}
