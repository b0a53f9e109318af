import type { OperationStats, RecordQuery } from '@twiceproof/core';
import { integer } from './row.ts';
import { stats } from './sql/stats.ts';
import type { StoreContext } from './store-context.ts';

const none = { in_progress: 0, completed: 0, failed: 0, stuck: 0, held: 0, unknown: 0 };

/** How many matching records there are of each operation, by status. */
export async function countRecords(
  { requests, names }: StoreContext,
  query: RecordQuery,
  paused: boolean,
): Promise<readonly OperationStats[]> {
  const { text, params } = stats(names, query, paused);
  const byOperation = new Map<string, OperationStats>();
  for (const row of await requests.all(text, params)) {
    const operation = String(row.operation);
    const before = byOperation.get(operation) ?? { operation, ...none };
    byOperation.set(operation, {
      ...before,
      [String(row.status)]: integer(row, 'count'),
      stuck: before.stuck + integer(row, 'stuck'),
      held: before.held + integer(row, 'held'),
      unknown: before.unknown + integer(row, 'unknown'),
    });
  }
  return [...byOperation.values()];
}
