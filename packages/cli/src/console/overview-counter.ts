import type { Overview } from '@twiceproof/console/wire';
import type { Records } from '@twiceproof/core';
import { type Counts, countByReading, countInStore } from './count-records.ts';

/** Counts records by operation, and does not do it more often than it is worth. */
export interface OverviewCounter {
  /** Null for all environments. `isWhole` asks for every record where the store has to be read. */
  count(environment: string | null, isWhole: boolean): Promise<Overview>;
}

interface Entry {
  counts: Counts | undefined;
  countedAt: number;
  costMs: number;
  /** The count that is under way. */
  pending: Promise<void> | undefined;
  counting: number | undefined;
}

const mostEntries = 50;
/** Counting may take this part of the time at most, and a reading count even less. */
const busyShare = 0.1;
const leastAgeMs = 2_000;
const leastReadAgeMs = 60_000;
const firstRead = { records: 5_000, ms: 3_000 };
const wholeRead = { records: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY };

/** `isCounting`: the store counts by itself. */
export function createOverviewCounter(records: Records, isCounting: boolean): OverviewCounter {
  const entries = new Map<string | null, Entry>();

  const start = (environment: string | null, entry: Entry, isWhole: boolean): void => {
    const startedAt = performance.now();
    const counting = isCounting
      ? countInStore(records, environment)
      : countByReading(records, environment, isWhole ? wholeRead : firstRead, (seen) => {
          entry.counting = seen;
        });
    if (!isCounting) entry.counting = 0;
    entry.pending = counting
      .then((counts) => {
        entry.counts = counts;
        entry.countedAt = Date.now();
      })
      .finally(() => {
        entry.costMs = performance.now() - startedAt;
        entry.pending = undefined;
        entry.counting = undefined;
      });
    // Whoever waits for it hears of a fault; nobody may.
    entry.pending.catch(() => {});
  };

  const isDue = ({ counts, countedAt, costMs }: Entry): boolean => {
    if (counts === undefined) return true;
    // A whole count of a store that is read is made when it is asked for.
    if (!isCounting && !counts.isPartial && costMs > firstRead.ms) return false;
    const least = isCounting ? leastAgeMs : leastReadAgeMs;
    return Date.now() - countedAt > Math.max(least, costMs / busyShare);
  };

  return {
    async count(environment, isWhole) {
      let entry = entries.get(environment);
      if (entry === undefined) {
        entry = {
          counts: undefined,
          countedAt: 0,
          costMs: 0,
          pending: undefined,
          counting: undefined,
        };
        entries.set(environment, entry);
        const [oldest] = entries.keys();
        if (entries.size > mostEntries) entries.delete(oldest as string | null);
      }
      const isAsked = isWhole && !isCounting;
      if (entry.pending === undefined && (isAsked || isDue(entry)))
        start(environment, entry, isAsked);
      if (entry.counts === undefined) await entry.pending;
      const { counts, countedAt, counting } = entry;
      return { ...counts!, countedAt, counting, now: Date.now() };
    },
  };
}
