import type { Acquisition, Claim, Store, StoredRecord } from '@twiceproof/core';
import { claimed, counts, isPaused, judge } from '@twiceproof/record-logic';
import type { StoreContext } from './store-context.ts';
import type { Table } from './table.ts';

/** A duplicate needs no lock: only where the claim may succeed is the file written. */
export function createAcquire({ queue }: StoreContext): Store['acquire'] {
  return async (claim, options) => {
    const paused = isPaused(options);
    const answer = await queue.read((table, now) => look(table, claim, now, paused), options);
    return answer ?? queue.write((table, now) => acquire(table, claim, now, paused), options);
  };
}

/** What the record that is there answers to the claim; undefined if the claim may have its place. */
function look(table: Table, claim: Claim, now: number, paused: boolean): Acquisition | undefined {
  const last = table.read(claim.id);
  return last && counts(last, now, paused) ? judge(last, claim, now) : undefined;
}

/** Judges again, now that nobody else writes, and claims. */
function acquire(table: Table, claim: Claim, now: number, paused: boolean): Acquisition {
  const found = table.read(claim.id);
  const last = found && counts(found, now, paused) ? found : undefined;
  const answer = last && judge(last, claim, now);
  if (answer !== undefined) return answer;
  const fence = table.nextFence();
  const record: StoredRecord = { ...claimed(claim, last, now), fence };
  if (last === undefined) {
    table.remove(claim.id);
    table.add(record, fence);
  } else table.change(record);
  return { status: 'acquired', record, leaseRemainingMs: claim.leaseMs };
}
