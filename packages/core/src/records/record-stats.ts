import type { Deployment } from '../execution/deployment.ts';
import type { RequestDetails } from '../execution/request.ts';
import { checkFunction } from '../options/option-checks.ts';
import {
  isOutcomeUnknown,
  type OperationStats,
  type RecordQuery,
  type StoredRecord,
} from '../store.ts';
import { queryOf, type RecordFilter } from './record-filter.ts';

const none = { in_progress: 0, completed: 0, failed: 0, stuck: 0, held: 0, unknown: 0 };

/** Counts records by operation; a store that cannot count is listed through, page by page. */
export async function countRecords(
  deployment: Deployment,
  details: RequestDetails,
  filter: RecordFilter,
  onProgress: ((counted: number) => void) | undefined,
): Promise<readonly OperationStats[]> {
  checkFunction(onProgress, 'records.stats: onProgress', 'how many were counted');
  const { requests, environment } = deployment;
  const { store } = requests;
  const query = queryOf(filter, environment, 'records.stats', 1_000);
  if (store.stats) {
    return requests.askOnce('stats', undefined, details, (options) => store.stats!(query, options));
  }
  const counts = new Map<string, OperationStats>();
  let counted = 0;
  const countEach = async (
    asked: RecordQuery,
    countsAs: (record: StoredRecord) => readonly (keyof typeof none)[],
  ): Promise<void> => {
    let { cursor } = asked;
    do {
      const page = await requests.askOnce('list', undefined, details, (options) =>
        store.list({ ...asked, cursor }, options),
      );
      for (const record of page.records) {
        const { operation } = record;
        const found = { ...(counts.get(operation) ?? { operation, ...none }) };
        for (const name of countsAs(record)) found[name] += 1;
        counts.set(operation, found);
      }
      if (!asked.stuck || query.stuck) counted += page.records.length;
      onProgress?.(counted);
      cursor = page.cursor;
    } while (cursor !== undefined);
  };
  await countEach(query, (record) =>
    isOutcomeUnknown(record) ? [record.status, 'unknown'] : [record.status],
  );
  // Only the store's clock knows which leases are over.
  if ([...counts.values()].some((found) => found.in_progress > 0)) {
    await countEach({ ...query, stuck: true }, ({ expiresAt }) =>
      expiresAt === undefined ? ['stuck', 'held'] : ['stuck'],
    );
  }
  return [...counts.values()].sort((a, b) => (a.operation < b.operation ? -1 : 1));
}
