import type { BulkBasics, IdempotencyRecord, RecordFilter, Records } from '@twiceproof/core';
import type { Call } from '../command-call.ts';
import { countText } from '../output/count-text.ts';
import { endOf } from './end-of.ts';
import { scan } from './scan.ts';
import { type Standing, statusText } from './status-text.ts';

type Only = BulkBasics['only'];

/** What ended longer ago than this had ended when the count began, unless this machine's clock is as far off. */
const surelyAgoMs = 60_000;

/** What an operator is told before deciding, and how to act on that alone. */
export interface Matching {
  readonly count: number;
  readonly byStanding: ReadonlyMap<Standing, number>;
  /** The filter, without what starts after the count. */
  readonly filter: RecordFilter;
  /** The condition, without what was executing at the count and has ended since, be it while others were still
   * counted: nobody has decided about that. */
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
  const longAgo = Date.now() - surelyAgoMs;
  /** When those ended that were counted and may have ended meanwhile: undefined for what was executing. */
  const ends = new Map<string, number | undefined>();
  let latestEnd = 0;
  let count = 0;
  let latestStart = 0;
  for await (const page of scan(records, filter, undefined, only)) {
    for (const record of page.records) {
      const standing = statusText(record, Date.now());
      count += 1;
      byStanding.set(standing, (byStanding.get(standing) ?? 0) + 1);
      latestStart = Math.max(latestStart, record.startedAt);
      const end = endIfAny(record);
      if (end === undefined || end > longAgo) ends.set(record.id, end);
      else latestEnd = Math.max(latestEnd, end);
    }
    progress.update(`counting: ${countText(count, 'record')}`);
  }
  progress.end();
  const wasCounted = (record: IdempotencyRecord): boolean => {
    const end = endIfAny(record);
    return ends.has(record.id)
      ? ends.get(record.id) === end
      : end !== undefined && end <= latestEnd;
  };
  return {
    count,
    byStanding,
    filter: { ...filter, startedBefore: latestStart + 1 },
    only: (record) => (only === undefined || only(record)) && wasCounted(record),
  };
}

/** When it ended; undefined for what is being executed. */
function endIfAny(record: IdempotencyRecord): number | undefined {
  return statusText(record, Date.now()) === 'in_progress' ? undefined : endOf(record);
}
