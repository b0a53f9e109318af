import type { OperationCounts } from '@twiceproof/console/wire';
import type { OperationStats, Records } from '@twiceproof/core';
import { stateOf } from './record-state.ts';

export interface Counts {
  readonly operations: readonly OperationCounts[];
  readonly isPartial: boolean;
}

const none = { executing: 0, unknown: 0, held: 0, stuck: 0, completed: 0, failed: 0 };

/** Counts in a store that can count. */
export async function countInStore(records: Records, environment: string | null): Promise<Counts> {
  const [all, ofUnknown] = await Promise.all([
    records.stats({ environment }),
    records.stats({ environment, unknown: true }),
  ]);
  const unknownHeld = new Map(ofUnknown.map(({ operation, held }) => [operation, held]));
  const operations = all.map((each) => countsOf(each, unknownHeld.get(each.operation) ?? 0));
  return { operations: sorted(operations), isPartial: false };
}

/** Every record in one state: what is unknown is not also held or stuck, as it is in the store's counts. */
function countsOf(
  { operation, in_progress, completed, failed, ...abandoned }: OperationStats,
  unknownHeld: number,
): OperationCounts {
  // The other count may have seen more than this one.
  const unknown = Math.min(abandoned.unknown, abandoned.stuck);
  const held = Math.max(0, Math.min(abandoned.held - unknownHeld, abandoned.stuck - unknown));
  return {
    operation,
    executing: in_progress - abandoned.stuck,
    unknown,
    held,
    stuck: abandoned.stuck - unknown - held,
    completed,
    failed,
  };
}

/** Counts by reading, for as many records and as long as it may take. */
export async function countByReading(
  records: Records,
  environment: string | null,
  budget: { readonly records: number; readonly ms: number },
  onProgress: (counted: number) => void,
): Promise<Counts> {
  const counts = new Map<string, OperationCounts>();
  const endsAt = performance.now() + budget.ms;
  let counted = 0;
  let cursor: string | undefined;
  do {
    const page = await records.list({ environment, limit: 1_000, cursor });
    const now = Date.now();
    for (const record of page.records) {
      const { operation } = record;
      const before = counts.get(operation) ?? { operation, ...none };
      const state = stateOf(record, now);
      counts.set(operation, { ...before, [state]: before[state] + 1 });
    }
    counted += page.records.length;
    onProgress(counted);
    cursor = page.cursor;
  } while (cursor !== undefined && counted < budget.records && performance.now() < endsAt);
  return { operations: sorted([...counts.values()]), isPartial: cursor !== undefined };
}

function sorted(operations: readonly OperationCounts[]): readonly OperationCounts[] {
  return operations.toSorted((a, b) => (a.operation < b.operation ? -1 : 1));
}
