import type { IdempotencyRecord, RecordFilter, Records } from '@twiceproof/core';

/** One page of records, and where the next one begins. */
export interface Page {
  readonly records: readonly IdempotencyRecord[];
  readonly cursor: string | undefined;
}

const largestPage = 1_000;

/**
 * Pages of matching records, until there are `most` of them or no more. A page may be empty: where
 * few records match, the store answers now and then without any; `only` leaves out more of them.
 */
export async function* scan(
  records: Records,
  filter: RecordFilter,
  most: number = Number.POSITIVE_INFINITY,
  only: ((record: IdempotencyRecord) => boolean) | undefined = undefined,
): AsyncGenerator<Page> {
  let { cursor } = filter;
  let left = most;
  do {
    const page = await records.list({ ...filter, cursor, limit: Math.min(largestPage, left) });
    const found = only ? page.records.filter(only) : page.records;
    left -= found.length;
    cursor = page.cursor;
    yield { records: found, cursor };
  } while (cursor !== undefined && left > 0);
}
