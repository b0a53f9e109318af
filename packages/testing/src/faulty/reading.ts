import type { Acquisition, StoredRecord } from '@twiceproof/core';
import type { FaultyStore } from './faulty-store.ts';

/** Faults in what is kept of a record, and in what readers are given. */
export const readingFaults: readonly FaultyStore[] = [
  {
    name: 'bytes are shared with the writer',
    fault: 'keeps the caller’s array instead of a copy',
    caughtBy: ['isolation: bytes that the caller changes after completing change nothing'],
    wrap: (store) => {
      const kept = new Map<string, Uint8Array>();
      const shared = (record: StoredRecord): StoredRecord => {
        const bytes = record.status === 'completed' ? kept.get(record.id) : undefined;
        return bytes ? { ...record, outcome: bytes.slice() } : record;
      };
      return {
        ...store,
        async complete(id, token, outcome, options) {
          const settlement = await store.complete(id, token, outcome, options);
          if (settlement.status === 'done') kept.set(id, outcome.bytes);
          return settlement;
        },
        async acquire(claim, options) {
          const answer = await store.acquire(claim, options);
          return { ...answer, record: shared(answer.record) };
        },
        async get(id, options) {
          const record = await store.get(id, options);
          return record && shared(record);
        },
      };
    },
  },
  {
    name: 'bytes are shared among readers',
    fault: 'gives every reader the same array',
    caughtBy: [
      'fill: keeps the bytes apart from the caller’s',
      'isolation: bytes that a reader changes change nothing for the next',
    ],
    wrap: (store) => {
      const given = new Map<string, Uint8Array>();
      const shared = (record: StoredRecord): StoredRecord => {
        if (record.outcome === undefined) return record;
        const place = `${record.id} ${record.fence}`;
        const outcome = given.get(place) ?? record.outcome;
        given.set(place, outcome);
        return { ...record, outcome };
      };
      return {
        ...store,
        async acquire(claim, options): Promise<Acquisition> {
          const answer = await store.acquire(claim, options);
          return { ...answer, record: shared(answer.record) };
        },
        async get(id, options) {
          const record = await store.get(id, options);
          return record && shared(record);
        },
      };
    },
  },
  {
    name: 'the input preview is dropped',
    fault: 'does not keep everything that the claim says',
    caughtBy: ['record: keeps everything that the claim says about the work'],
    wrap: (store) => ({
      ...store,
      acquire: ({ inputPreview: _, ...claim }, options) => store.acquire(claim, options),
    }),
  },
  {
    name: 'the format version is rewritten',
    fault: 'marks records of a newer version as its own',
    caughtBy: ['record: of a future format passes through untouched'],
    wrap: (store) => ({
      ...store,
      acquire: (claim, options) => store.acquire({ ...claim, formatVersion: 1 }, options),
    }),
  },
  {
    name: 'ids are folded to lower case',
    fault: 'takes two ids that differ in case for one',
    caughtBy: [
      'record: keeps everything that the claim says about the work',
      'record: keeps ids with odd characters apart',
    ],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const id = claim.id.replace('UPPER', 'upper').replace('LOWER', 'lower');
        return store.acquire({ ...claim, id }, options);
      },
    }),
  },
  {
    name: 'a damaged record counts as absent',
    fault: 'executes again what it cannot read',
    caughtBy: [
      'corrupt record: is refused to a claim, never executed over',
      'corrupt record: is refused when it is read',
    ],
    wrap: (store) => ({
      ...store,
      get: (id, options) => store.get(id, options).catch(() => undefined),
      async acquire(claim, options) {
        try {
          return await store.acquire(claim, options);
        } catch {
          await store.delete(claim.id);
          return store.acquire(claim, options);
        }
      },
    }),
  },
  {
    name: 'bytes pass through text',
    fault: 'loses bytes that are not UTF-8',
    caughtBy: ['complete: keeps every byte', 'limits: an outcome within the limit is kept whole'],
    wrap: (store) => ({
      ...store,
      complete(id, token, outcome, options) {
        const bytes = new TextEncoder().encode(new TextDecoder().decode(outcome.bytes));
        return store.complete(id, token, { ...outcome, bytes }, options);
      },
    }),
  },
  {
    name: 'a replay comes without its outcome',
    fault: 'answers a claim of a completed record with everything else',
    caughtBy: [
      'acquire: answers a completed record with its outcome, and writes nothing',
      'fill: answers the record to a claim',
      'isolation: bytes that a reader changes change nothing for the next',
      'isolation: bytes that the caller changes after completing change nothing',
      'paused retirement: goes on replaying a completed record past its retention',
    ],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const answer = await store.acquire(claim, options);
        const { outcome: _, ...record } = answer.record;
        return { ...answer, record };
      },
    }),
  },
  {
    name: 'the number of bytes is not known',
    fault: 'reads the outcome without saying how long it is',
    caughtBy: [
      'acquire: answers a completed record with its outcome, and writes nothing',
      'complete: answers the record as it is kept',
      'complete: records the outcome for everybody',
      'fill: filled again, holds the newer record',
      'fill: takes a completed record as it is',
      'get: answers the record with its outcome bytes and their number',
      'list: answers every status, as get does but without the outcome bytes',
    ],
    wrap: (store) => ({
      ...store,
      async get(id, options) {
        const record = await store.get(id, options);
        return record && { ...record, outcomeBytes: undefined };
      },
    }),
  },
  {
    name: 'absent is null',
    fault: 'answers a missing record with something else than undefined',
    caughtBy: [
      'complete: is lost after somebody deleted the record',
      'complete: never creates a missing record',
      'delete: removes a record, whatever its status',
      'delete: with a version, removes the record only while it is at it',
      'expiry: a completed record is no longer read after its retention',
      'expiry: a failed record is no longer read after its retention, and begins anew',
      'expiry: an abandoned record is kept for its retention after the lease, then begins anew',
      'expiry: an attempt that ended as unknown is kept for the retention of its claim, then begins anew',
      'expiry: an expired record is not there to be deleted',
      'extend: can also shorten a retention, counted from now',
      'extend: changes no record that is in progress, and creates none',
      'fill: keeps the record no longer than it is told',
      'fill: leaves a filled record free to be deleted',
      'get: answers nothing for an absent record',
      'paused retirement: goes on replaying a completed record past its retention',
      'paused retirement: keeps no failed record past its retention',
      'record: keeps ids with odd characters apart',
      'release: never creates a missing record',
      'renew: never creates a record',
    ],
    wrap: (store) => ({
      ...store,
      get: async (id, options) => (await store.get(id, options)) ?? (null as never),
    }),
  },
  {
    name: 'absent is an empty text',
    fault: 'invents a scope for records that have none',
    caughtBy: ['record: leaves out what the claim does not say'],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        return store.acquire({ ...claim, scope: claim.scope ?? '' }, options);
      },
    }),
  },
  {
    name: 'errors are shared with the writer',
    fault: 'keeps the caller’s object instead of a copy',
    caughtBy: [
      'isolation: an error that the caller changes after releasing changes nothing',
      'record: keeps who settled it, and why, until it is claimed again',
      'release: keeps the failed attempt and its error for operators',
    ],
    wrap: (store) => {
      const kept = new Map<string, StoredRecord['lastError']>();
      return {
        ...store,
        async release(id, token, failure, options) {
          const settlement = await store.release(id, token, failure, options);
          if (settlement.status === 'done') kept.set(id, failure.error);
          return settlement;
        },
        async get(id, options) {
          const record = await store.get(id, options);
          return record?.status === 'failed' ? { ...record, lastError: kept.get(id) } : record;
        },
      };
    },
  },
  {
    name: 'records are shared among readers',
    fault: 'gives every reader the same object, for as long as nothing is written',
    caughtBy: [
      'fill: keeps the bytes apart from the caller’s',
      'isolation: a record that a reader changes changes nothing for the next',
      'isolation: bytes that a reader changes change nothing for the next',
    ],
    wrap: (store) => {
      const given = new Map<string, { readonly as: string; readonly record: StoredRecord }>();
      const shared = (record: StoredRecord): StoredRecord => {
        const as = JSON.stringify(record);
        const last = given.get(record.id);
        if (last?.as === as) return last.record;
        given.set(record.id, { as, record });
        return record;
      };
      return {
        ...store,
        async acquire(claim, options): Promise<Acquisition> {
          const answer = await store.acquire(claim, options);
          return { ...answer, record: shared(answer.record) };
        },
        async get(id, options) {
          const record = await store.get(id, options);
          return record && shared(record);
        },
      };
    },
  },
];
