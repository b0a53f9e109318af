import type { StoredRecord } from '@twiceproof/core';
import type { FaultyStore } from './faulty-store.ts';

/** Faults in counting attempts and fences. */
export const countingFaults: readonly FaultyStore[] = [
  {
    name: 'attempts are not counted',
    fault: 'calls every attempt the first',
    caughtBy: [
      'acquire: claims a failed record as the next attempt of the same record',
      'acquire: counts every attempt',
      'contention: of parallel claims of a failed record, exactly one is granted',
      'contention: of parallel claims of an abandoned record, exactly one is granted',
      'own write: a takeover sent again is acquired, and counts once',
      'supersedes: claims a completed record that is still at this version',
      'supersedes: claims a failed record that is still at this version',
      'supersedes: claims a held record once its lease is over',
      'supersedes: counts no attempt when the record is only to be settled',
      'takeover: is the next attempt of the same record',
      'unknown outcome: is taken over at once where it is executed again, and the error is gone then',
    ],
    wrap: (store) => {
      const first = (record: StoredRecord): StoredRecord =>
        record.status === 'in_progress' ? { ...record, attempt: 1 } : record;
      return {
        ...store,
        async acquire(claim, options) {
          const answer = await store.acquire(claim, options);
          return { ...answer, record: first(answer.record) };
        },
        async get(id, options) {
          const record = await store.get(id, options);
          return record && first(record);
        },
      };
    },
  },
  {
    name: 'a verdict counts as an attempt',
    fault: 'counts claims that only settle',
    caughtBy: [
      'supersedes: counts no attempt when the record is only to be settled',
      'unknown outcome: gives way to who supersedes it, and stays settled as that one says',
    ],
    wrap: (store) => ({
      ...store,
      acquire: ({ settlesOnly: _, ...claim }, options) => store.acquire(claim, options),
    }),
  },
  {
    name: 'a deleted record leaves its attempts',
    fault: 'goes on counting where the deleted record ended',
    caughtBy: ['delete: lets the work be claimed anew, as a first attempt'],
    wrap: (store) => {
      const attempts = new Map<string, number>();
      return {
        ...store,
        async acquire(claim, options) {
          const answer = await store.acquire(claim, options);
          const attempt = answer.record.attempt + (attempts.get(claim.id) ?? 0);
          return { ...answer, record: { ...answer.record, attempt } };
        },
        async delete(id, options) {
          const isDeleted = await store.delete(id, options);
          if (isDeleted) attempts.set(id, (attempts.get(id) ?? 0) + 1);
          return isDeleted;
        },
      };
    },
  },
  {
    name: 'fence stands still',
    fault: 'gives every attempt the fence of the first',
    caughtBy: ['fence: rises with every attempt'],
    wrap: (store) => {
      const firsts = new Map<string, number>();
      return {
        ...store,
        async acquire(claim, options) {
          const answer = await store.acquire(claim, options);
          const { record } = answer;
          if (answer.status === 'existing') return answer;
          if (record.attempt === 1) firsts.set(claim.id, record.fence);
          const fence = firsts.get(claim.id) ?? record.fence;
          return { ...answer, record: { ...record, fence } };
        },
      };
    },
  },
  {
    name: 'fence restarts after delete',
    fault: 'keeps the fence in the record alone, and forgets it with the record',
    caughtBy: ['fence: goes on rising after the record was deleted'],
    wrap: (store) => {
      const lasts = new Map<string, number>();
      const forgotten = new Map<string, number>();
      return {
        ...store,
        async acquire(claim, options) {
          const answer = await store.acquire(claim, options);
          lasts.set(claim.id, answer.record.fence);
          const fence = answer.record.fence - (forgotten.get(claim.id) ?? 0);
          return { ...answer, record: { ...answer.record, fence } };
        },
        async delete(id, options) {
          const isDeleted = await store.delete(id, options);
          if (isDeleted) forgotten.set(id, lasts.get(id) ?? 0);
          return isDeleted;
        },
      };
    },
  },
  {
    name: 'fence restarts after expiry',
    fault: 'begins anew with an expired record',
    caughtBy: [
      'expiry: a claim finds an expired completed record absent, and begins anew',
      'fence: goes on rising after the record expired',
      'supersedes: counts no attempt when the record is only to be settled',
    ],
    wrap: (store) => {
      const firsts = new Map<string, number>();
      return {
        ...store,
        async acquire(claim, options) {
          const answer = await store.acquire(claim, options);
          if (answer.status === 'existing' || answer.record.attempt > 1) return answer;
          const first = firsts.get(claim.id) ?? answer.record.fence;
          firsts.set(claim.id, first);
          return { ...answer, record: { ...answer.record, fence: first } };
        },
        async delete(id, options) {
          firsts.delete(id);
          return store.delete(id, options);
        },
      };
    },
  },
  {
    name: 'settling raises the fence',
    fault: 'counts a settlement like a claim',
    caughtBy: [
      'complete: answers the record as it is kept',
      'complete: records the outcome for everybody',
      'delete: with a version, removes the record only while it is at it',
      'extend: with a version, changes the record only while it is at it',
      'fence: stays the same from claim to settlement',
      'record: of a future format passes through untouched',
      'supersedes: claims a completed record that is still at this version',
      'supersedes: lets exactly one of many claim',
    ],
    wrap: (store) => ({
      ...store,
      async complete(id, token, outcome, options) {
        const settlement = await store.complete(id, token, outcome, options);
        if (settlement.status !== 'done') return settlement;
        const fence = settlement.record.fence + 1;
        return { ...settlement, record: { ...settlement.record, fence } };
      },
    }),
  },
];
