import { type ErrorNote, recordVersion } from '@twiceproof/core';
import type { FaultyStore } from './faulty-store.ts';
import { claimLike, ownerOf } from './posing.ts';

/** Faults in ending an attempt. */
export const settlingFaults: readonly FaultyStore[] = [
  {
    name: 'complete ignores the token',
    fault: 'completes for anybody while the record is in progress',
    caughtBy: [
      'complete: refuses everybody but the owner, and changes nothing',
      'takeover: leaves the stale owner unable to complete',
    ],
    wrap: (store) => ({
      ...store,
      async complete(id, token, outcome, options) {
        return store.complete(id, await ownerOf(store, id, token), outcome, options);
      },
    }),
  },
  {
    name: 'release ignores the token',
    fault: 'releases for anybody while the record is in progress',
    caughtBy: [
      'release: refuses everybody but the owner, and changes nothing',
      'takeover: leaves the stale owner unable to release',
      'unknown outcome: is said by nobody but the owner',
    ],
    wrap: (store) => ({
      ...store,
      async release(id, token, failure, options) {
        return store.release(id, await ownerOf(store, id, token), failure, options);
      },
    }),
  },
  {
    name: 'release deletes a newer record',
    fault: 'frees the key without looking whose record it is',
    caughtBy: [
      'release: never frees a completed record',
      'release: refuses everybody but the owner, and changes nothing',
      'takeover: leaves the stale owner unable to release',
      'unknown outcome: gives way to who supersedes it, and stays settled as that one says',
      'unknown outcome: is said by nobody but the owner',
      'unknown outcome: is said of nothing that has ended',
    ],
    wrap: (store) => ({
      ...store,
      async release(id, token, failure, options) {
        const settlement = await store.release(id, token, failure, options);
        if (settlement.status === 'lost') await store.delete(id);
        return settlement;
      },
    }),
  },
  {
    name: 'complete creates a missing record',
    fault: 'writes the outcome whether or not there is a record',
    caughtBy: [
      'complete: is lost after somebody deleted the record',
      'complete: never creates a missing record',
    ],
    wrap: (store) => ({
      ...store,
      async complete(id, token, outcome, options) {
        const settlement = await store.complete(id, token, outcome, options);
        if (settlement.status !== 'lost' || (await store.get(id)) !== undefined) return settlement;
        const work = { id, environment: 'conformance', operation: 'unknown', run: 0 };
        const rest = { leaseMs: 1_000, retentionMs: 1_000, formatVersion: 1 };
        await store.acquire({ ...work, ...rest, token, abandoned: 'reexecute' });
        return store.complete(id, token, outcome, options);
      },
    }),
  },
  {
    name: 'own completion is lost',
    fault: 'does not recognise a completion that is sent again',
    caughtBy: [
      'own write: a completion sent again is already done, and keeps the first outcome',
      'own write: completions sent at the same time end in one done and the rest already done',
      'wrong server: a renewal, a completion and a release are',
    ],
    wrap: (store) => ({
      ...store,
      async complete(id, token, outcome, options) {
        const settlement = await store.complete(id, token, outcome, options);
        return settlement.status === 'already_done' ? { status: 'lost' } : settlement;
      },
    }),
  },
  {
    name: 'own release is lost',
    fault: 'does not recognise a release that is sent again',
    caughtBy: [
      'own write: a release sent again is already done',
      'unknown outcome: sent again is already done',
      'wrong server: a renewal, a completion and a release are',
    ],
    wrap: (store) => ({
      ...store,
      async release(id, token, failure, options) {
        const settlement = await store.release(id, token, failure, options);
        return settlement.status === 'already_done' ? { status: 'lost' } : settlement;
      },
    }),
  },
  {
    name: 'a completion sent again overwrites the first',
    fault: 'completes a completed record once more, if the token is the same',
    caughtBy: ['own write: a completion sent again is already done, and keeps the first outcome'],
    wrap: (store) => ({
      ...store,
      async complete(id, token, outcome, options) {
        const settlement = await store.complete(id, token, outcome, options);
        if (settlement.status !== 'already_done') return settlement;
        const supersedes = recordVersion(settlement.record);
        await store.acquire({ ...claimLike(settlement.record, token), supersedes });
        await store.complete(id, token, outcome, options);
        return settlement;
      },
    }),
  },
  {
    name: 'release frees a completed record',
    fault: 'looks at the token but not at the status',
    caughtBy: [
      'release: never frees a completed record',
      'unknown outcome: is said of nothing that has ended',
    ],
    wrap: (store) => ({
      ...store,
      async release(id, token, failure, options) {
        const record = await store.get(id, options);
        if (record?.status === 'completed' && record.token === token) await store.delete(id);
        return store.release(id, token, failure, options);
      },
    }),
  },
  {
    name: 'late completion is refused',
    fault: 'refuses a completion after the lease, though nobody took the record over',
    caughtBy: [
      'complete: is accepted late, if nobody took the record over',
      'unknown outcome: may still be settled by its owner, as long as nobody has taken it over',
    ],
    wrap: (store) => ({
      ...store,
      async complete(id, token, outcome, options) {
        const stuck = await store.list({ idPrefix: id, stuck: true, limit: 1 });
        if (stuck.records.length > 0) return { status: 'lost' };
        return store.complete(id, token, outcome, options);
      },
    }),
  },
  {
    name: 'an error outlives its attempt',
    fault: 'leaves the last error in the record when it is claimed again',
    caughtBy: [
      'acquire: claims a failed record as the next attempt of the same record',
      'acquire: leaves nothing of the failed attempt in the claimed record',
      'unknown outcome: is taken over at once where it is executed again, and the error is gone then',
      'unknown outcome: may still be settled by its owner, as long as nobody has taken it over',
    ],
    wrap: (store) => {
      const errors = new Map<string, ErrorNote>();
      return {
        ...store,
        async release(id, token, failure, options) {
          const settlement = await store.release(id, token, failure, options);
          if (settlement.status === 'done') errors.set(id, { ...failure.error });
          return settlement;
        },
        async get(id, options) {
          const record = await store.get(id, options);
          return record && { ...record, lastError: record.lastError ?? errors.get(id) };
        },
      };
    },
  },
  {
    name: 'a result beyond the limit frees the key',
    fault: 'gives up an execution whose effect has happened',
    caughtBy: ['limits: an outcome beyond the limit settles nothing, and both numbers are said'],
    wrap: (store) => ({
      ...store,
      async complete(id, token, outcome, options) {
        const settlement = await store.complete(id, token, outcome, options);
        if (settlement.status === 'too_large') {
          const error = { name: 'RangeError', message: 'too large' };
          await store.release(id, token, { error, retentionMs: null });
        }
        return settlement;
      },
    }),
  },
  {
    name: 'a result beyond the limit is thrown',
    fault: 'makes a fault of the store out of an answer',
    caughtBy: ['limits: an outcome beyond the limit settles nothing, and both numbers are said'],
    wrap: (store) => ({
      ...store,
      async complete(id, token, outcome, options) {
        const settlement = await store.complete(id, token, outcome, options);
        if (settlement.status === 'too_large') throw new RangeError('too large');
        return settlement;
      },
    }),
  },
  {
    name: 'complete undoes a release',
    fault: 'looks at the token but not at the status',
    caughtBy: ['complete: is lost after a release, and changes nothing'],
    wrap: (store) => ({
      ...store,
      async complete(id, token, outcome, options) {
        const record = await store.get(id, options);
        if (record?.status === 'failed' && record.token === token) {
          await store.acquire({ ...claimLike(record, token), fingerprint: record.fingerprint });
        }
        return store.complete(id, token, outcome, options);
      },
    }),
  },
  {
    name: 'a completion is answered by half',
    fault: 'does not answer the record as it is kept',
    caughtBy: [
      'complete: answers the record as it is kept',
      'record: of a future format passes through untouched',
    ],
    wrap: (store) => ({
      ...store,
      async complete(id, token, outcome, options) {
        const settlement = await store.complete(id, token, outcome, options);
        if (settlement.status !== 'done') return settlement;
        const { outcomeBytes: _, ...record } = settlement.record;
        return { ...settlement, record };
      },
    }),
  },
  {
    name: 'a recorded error is dropped',
    fault: 'keeps the outcome of an error, but not its name and message',
    caughtBy: [
      'complete: records an error as the outcome',
      'record: keeps who settled it, and why, until it is claimed again',
    ],
    wrap: (store) => ({
      ...store,
      complete: (id, token, { lastError: _, ...outcome }, options) =>
        store.complete(id, token, outcome, options),
    }),
  },
  {
    name: 'the executing span is dropped',
    fault: 'leaves the traceparent of the call in the settled record',
    caughtBy: [
      'record: takes the traceparent of the executing span when it is settled',
      'unknown outcome: leaves the record in progress, with its error and without a lease',
    ],
    wrap: (store) => ({
      ...store,
      complete: (id, token, { traceparent: _, ...outcome }, options) =>
        store.complete(id, token, outcome, options),
      release: (id, token, { traceparent: _, ...failure }, options) =>
        store.release(id, token, failure, options),
    }),
  },
  {
    name: 'the name of an error is dropped',
    fault: 'keeps its message alone',
    caughtBy: [
      'record: keeps odd characters of an error',
      'release: keeps the failed attempt and its error for operators',
      'unknown outcome: is held at once, and never expires where its claim said so',
      'unknown outcome: leaves the record in progress, with its error and without a lease',
    ],
    wrap: (store) => ({
      ...store,
      release: (id, token, failure, options) =>
        store.release(
          id,
          token,
          { ...failure, error: { ...failure.error, name: 'Error' } },
          options,
        ),
    }),
  },
  {
    name: 'errors are plain ASCII',
    fault: 'loses what else stands in the message of an error',
    caughtBy: ['record: keeps odd characters of an error'],
    wrap: (store) => ({
      ...store,
      release(id, token, failure, options) {
        const message = failure.error.message.replace(/[^ -~]/g, '?');
        return store.release(
          id,
          token,
          { ...failure, error: { ...failure.error, message } },
          options,
        );
      },
    }),
  },
];
