import type { OperationCounts } from '@twiceproof/console/wire';
import type { OperationStats, Records } from '@twiceproof/core';
import { stateOf } from './record-state.ts';

export interface Counts {
  readonly operations: readonly OperationCounts[];
  readonly isPartial: boolean;
}

const none = { executing: 0, held: 0, stuck: 0, completed: 0, failed: 0 };

/** Counts in a store that can count. */
export async function countInStore(records: Records, environment: string | null): Promise<Counts> {
  const [all, over, held] = await Promise.all([
    records.stats({ environment }),
    records.stats({ environment, stuck: true }),
    records.stats({ environment, held: true }),
  ]);
  const [overIn, heldIn] = [byOperation(over), byOperation(held)];
  const operations = all.map((each) => {
    // A later count may have seen more than the one before.
    const overHere = Math.min(overIn.get(each.operation) ?? 0, each.in_progress);
    const heldHere = Math.min(heldIn.get(each.operation) ?? 0, overHere);
    return countsOf(each, overHere, heldHere);
  });
  return { operations: sorted(operations), isPartial: false };
}

function byOperation(stats: readonly OperationStats[]): ReadonlyMap<string, number> {
  return new Map(stats.map((each) => [each.operation, each.in_progress]));
}

function countsOf(
  { operation, in_progress, completed, failed }: OperationStats,
  over: number,
  held: number,
): OperationCounts {
  return {
    operation,
    executing: in_progress - over,
    held,
    stuck: over - held,
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
