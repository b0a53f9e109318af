import type { BulkCount, RecordState } from '@twiceproof/console/wire';
import type { Records } from '@twiceproof/core';
import { endOf } from '../../records/end-of.ts';
import { stateOf } from '../record-state.ts';
import type { BulkSelection } from './bulk-filter.ts';

const pageSize = 1_000;
/** The page hears from a long count as often as this. */
const partMs = 700;

/** Counts as many of the records as can be counted in a moment, beginning at the cursor of the filter. */
export async function countMatching(
  records: Records,
  { filter, only }: BulkSelection,
  at: number,
): Promise<BulkCount> {
  const states: Partial<Record<RecordState, number>> = {};
  const endsAt = performance.now() + partMs;
  let until = 0;
  let { cursor } = filter;
  do {
    const page = await records.list({ ...filter, cursor, limit: pageSize });
    for (const record of page.records.filter(only)) {
      const state = stateOf(record, Date.now());
      states[state] = (states[state] ?? 0) + 1;
      until = Math.max(until, endOf(record));
    }
    cursor = page.cursor;
  } while (cursor !== undefined && performance.now() < endsAt);
  return { states, at, until, cursor, now: Date.now() };
}
