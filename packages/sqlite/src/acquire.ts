import type { Acquisition, Claim, StoredRecord } from '@twiceproof/core';
import { claimed, counts, judge } from '@twiceproof/record-logic';
import type { Table } from './table.ts';

/** What the record that is there answers to the claim; undefined if the claim may have its place. */
export function look(
  table: Table,
  claim: Claim,
  now: number,
  paused: boolean,
): Acquisition | undefined {
  const last = table.read(claim.id);
  return last && counts(last, now, paused) ? judge(last, claim, now) : undefined;
}

/** Judges again, now that nobody else writes, and claims. */
export function acquire(table: Table, claim: Claim, now: number, paused: boolean): Acquisition {
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
