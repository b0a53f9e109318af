import type { Deployment } from '../execution/deployment.ts';
import type { RequestDetails } from '../execution/store-requests.ts';
import { checkFunction } from '../options/option-checks.ts';
import type { OperationStats } from '../store.ts';
import { queryOf, type RecordFilter } from './record-filter.ts';

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
  let { cursor } = query;
  do {
    const page = await requests.askOnce('list', undefined, details, (options) =>
      store.list({ ...query, cursor }, options),
    );
    for (const { operation, status } of page.records) {
      const before = counts.get(operation) ?? {
        operation,
        in_progress: 0,
        completed: 0,
        failed: 0,
      };
      counts.set(operation, { ...before, [status]: before[status] + 1 });
    }
    counted += page.records.length;
    onProgress?.(counted);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return [...counts.values()].sort((a, b) => (a.operation < b.operation ? -1 : 1));
}
