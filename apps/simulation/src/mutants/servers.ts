import type { StoredRecord } from '@twiceproof/core';
import type { Mutant } from './mutant.ts';

/** Stores that decide wrongly. */
export const serverMutants: readonly Mutant[] = [
  {
    name: 'token check dropped',
    fault: 'settles and renews a record for whoever asks',
    caughtBy: ['ownership', 'stability'],
    table(table) {
      table.isOwner = (row) => row.status === 'in_progress';
    },
  },
  {
    name: 'takeover is not compare-and-set',
    fault: 'takes a record over by what was read some time ago',
    caughtBy: ['exclusivity', 'ownership', 'stability'],
    table(table) {
      const seen = new Map<string, StoredRecord>();
      const isClaimable = table.isClaimable.bind(table);
      table.isClaimable = (row, claim, by) => {
        const stale = seen.get(row.id) ?? row;
        const isFree = isClaimable(stale, claim, by);
        seen.set(row.id, isFree ? stale : row);
        return isFree;
      };
    },
  },
  {
    name: 'takeover before the lease is over',
    fault: 'counts a lease as over when half of it is',
    caughtBy: ['exclusivity'],
    table(table) {
      const isLive = table.isLive.bind(table);
      table.isLive = (row, by) => isLive(row, { ...by, now: by.now + 150 });
    },
  },
  {
    name: 'fence reused',
    fault: 'counts the fence anew for each record, also when it was deleted',
    caughtBy: ['rising fence', 'one start per claim'],
    table(table) {
      table.nextFence = (id) => (table.rows.get(id)?.fence ?? 0) + 1;
    },
  },
  {
    name: 'retention not checked on read',
    fault: 'answers completed records past their retention, until they are removed',
    caughtBy: ['expiry by the authority'],
    table(table) {
      const isExpired = table.isExpired.bind(table);
      table.isExpired = (row, by) => row.status !== 'completed' && isExpired(row, by);
    },
  },
  {
    name: 'removed before its retention ends',
    fault: 'loses completed records half a second before they expire',
    caughtBy: ['stability', 'own-write recognition'],
    table(table) {
      const isExpired = table.isExpired.bind(table);
      table.isExpired = (row, by) =>
        isExpired(row, row.status === 'completed' ? { ...by, now: by.now + 500 } : by);
    },
  },
  {
    name: 'fingerprint not compared',
    fault: 'claims and answers a record of another payload',
    caughtBy: ['mismatch changes nothing'],
    table(table) {
      table.isOtherPayload = () => false;
    },
  },
  {
    name: 'refused duplicate leaves a trace',
    fault: 'counts refused claims in the record',
    caughtBy: ['duplicates write nothing'],
    table(table) {
      const isClaimable = table.isClaimable.bind(table);
      table.isClaimable = (row, claim, by) => {
        if (isClaimable(row, claim, by)) return true;
        table.rows.set(row.id, { ...row, traceparent: claim.traceparent });
        return false;
      };
    },
  },
  {
    name: 'older renewal shortens the lease',
    fault: 'takes the renewal that lands last for the newest',
    caughtBy: ['lease deadline', 'exclusivity'],
    table(table) {
      table.takesOlderRenewals = true;
    },
  },
  {
    name: 'completed work claimed again',
    fault: 'takes a completed record for an abandoned one when its lease is over',
    caughtBy: ['stability'],
    table(table) {
      const isClaimable = table.isClaimable.bind(table);
      table.isClaimable = (row, claim, by) =>
        isClaimable(row, claim, by) || (row.status === 'completed' && !table.isLive(row, by));
    },
  },
];
