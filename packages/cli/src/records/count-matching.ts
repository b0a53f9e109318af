import type { BulkBasics, IdempotencyRecord, RecordFilter, Records } from '@twiceproof/core';
import type { Call } from '../command-call.ts';
import { countText } from '../output/count-text.ts';
import { endOf } from './end-of.ts';
import { scan } from './scan.ts';
import { type Standing, statusText } from './status-text.ts';

type Only = BulkBasics['only'];

/** What an operator is told before deciding, and how to act on that alone. */
export interface Matching {
  readonly count: number;
  readonly byStanding: ReadonlyMap<Standing, number>;
  /** The filter, without what starts after the count. */
  readonly filter: RecordFilter;
  /** The condition, without what was executing at the count and has ended since: nobody has decided about that. */
  readonly only: NonNullable<Only>;
}

/** Counts the records that match. */
export async function countMatching(
  records: Records,
  filter: RecordFilter,
  only: Only,
  { progress }: Call<unknown>,
): Promise<Matching> {
  const byStanding = new Map<Standing, number>();
  let count = 0;
  let latestStart = 0;
  let latestEnd = 0;
  for await (const page of scan(records, filter, undefined, only)) {
    for (const record of page.records) {
      const standing = statusText(record, Date.now());
      count += 1;
      byStanding.set(standing, (byStanding.get(standing) ?? 0) + 1);
      latestStart = Math.max(latestStart, record.startedAt);
      if (standing !== 'in_progress') latestEnd = Math.max(latestEnd, endOf(record));
    }
    progress.update(`counting: ${countText(count, 'record')}`);
  }
  progress.end();
  const wasCounted = (record: IdempotencyRecord): boolean =>
    statusText(record, Date.now()) === 'in_progress' || endOf(record) <= latestEnd;
  return {
    count,
    byStanding,
    filter: { ...filter, startedBefore: latestStart + 1 },
    only: (record) => (only === undefined || only(record)) && wasCounted(record),
  };
}
