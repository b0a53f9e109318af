import { type ErrorNote, isIdempotencyError, isOutcomeUnknown } from '@twiceproof/core';
import type { FaultyStore } from './faulty-store.ts';
import { ownerOf } from './posing.ts';

/** Faults in what becomes of an attempt whose outcome nobody knows. */
export const unknownFaults: readonly FaultyStore[] = [
  {
    name: 'unknown is failed',
    fault: 'frees the key, though the effect may have happened',
    caughtBy: [
      'expiry: an attempt that ended as unknown is kept for the retention of its claim, then begins anew',
      'list: finds what ended as unknown, and counts it among what is stuck or held',
      'stats: counts what is stuck, held and unknown among what is in progress',
      'unknown outcome: is held at once, and never expires where its claim said so',
      'unknown outcome: is said of nothing that has ended',
      'unknown outcome: leaves the record in progress, with its error and without a lease',
      'unknown outcome: may still be settled by its owner, as long as nobody has taken it over',
    ],
    wrap: (store) => ({
      ...store,
      release: (id, token, { unknown: _, ...failure }, options) =>
        store.release(id, token, failure, options),
    }),
  },
  {
    name: 'an unknown outcome is under way',
    fault: 'leaves the lease to run out',
    caughtBy: [
      'list: finds what ended as unknown, and counts it among what is stuck or held',
      'unknown outcome: gives way to who supersedes it, and stays settled as that one says',
      'unknown outcome: is held at once, and never expires where its claim said so',
      'unknown outcome: is taken over at once where it is executed again, and the error is gone then',
    ],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const record = await store.get(claim.id, options).catch(() => undefined);
        if (!record || !isOutcomeUnknown(record)) return store.acquire(claim, options);
        return { status: 'existing', record, leaseRemainingMs: 1_000 };
      },
    }),
  },
  {
    name: 'an unknown outcome is renewed',
    fault: 'gives a lease to an attempt that has ended',
    caughtBy: ['unknown outcome: ends renewals: one that arrives late brings no lease back'],
    wrap: (store) => ({
      ...store,
      async renew(id, token, leaseMs, options) {
        const lease = await store.renew(id, token, leaseMs, options);
        const record = lease ? undefined : await store.get(id, options);
        const isMine = record && isOutcomeUnknown(record) && record.token === token;
        return isMine ? { remainingMs: leaseMs } : lease;
      },
    }),
  },
  {
    name: 'own unknown outcome is lost',
    fault: 'does not recognise it when it is sent again',
    caughtBy: ['unknown outcome: sent again is already done'],
    wrap: (store) => ({
      ...store,
      async release(id, token, failure, options) {
        const settlement = await store.release(id, token, failure, options);
        const isAgain = failure.unknown && settlement.status === 'already_done';
        return isAgain ? { status: 'lost' } : settlement;
      },
    }),
  },
  {
    name: 'an unknown outcome sent again overwrites its error',
    fault: 'keeps the last one that was said instead of the first',
    caughtBy: ['unknown outcome: sent again is already done'],
    wrap: (store) => {
      const errors = new Map<string, ErrorNote>();
      return {
        ...store,
        async release(id, token, failure, options) {
          const settlement = await store.release(id, token, failure, options);
          if (settlement.status === 'already_done') errors.set(id, { ...failure.error });
          return settlement;
        },
        async get(id, options) {
          const record = await store.get(id, options);
          const lastError = errors.get(id);
          return record && lastError ? { ...record, lastError } : record;
        },
      };
    },
  },
  {
    name: 'anybody says that an outcome is unknown',
    fault: 'ends an attempt for who does not own it',
    caughtBy: ['unknown outcome: is said by nobody but the owner'],
    wrap: (store) => ({
      ...store,
      async release(id, token, failure, options) {
        const owner = failure.unknown ? await ownerOf(store, id, token) : token;
        return store.release(id, owner, failure, options);
      },
    }),
  },
  {
    name: 'what has ended is unknown',
    fault: 'answers as if it had noted that nobody knows',
    caughtBy: [
      'unknown outcome: gives way to who supersedes it, and stays settled as that one says',
      'unknown outcome: is said of nothing that has ended',
    ],
    wrap: (store) => ({
      ...store,
      async release(id, token, failure, options) {
        const settlement = await store.release(id, token, failure, options);
        const record = failure.unknown ? await store.get(id, options) : undefined;
        if (settlement.status !== 'lost' || !record || record.status === 'in_progress') {
          return settlement;
        }
        return { status: 'already_done', record };
      },
    }),
  },
  {
    name: 'an unknown outcome is final',
    fault: 'refuses the owner who has learnt what happened',
    caughtBy: [
      'unknown outcome: may still be settled by its owner, as long as nobody has taken it over',
    ],
    wrap: (store) => ({
      ...store,
      async complete(id, token, outcome, options) {
        const record = await store.get(id, options).catch(() => undefined);
        if (record && isOutcomeUnknown(record)) return { status: 'lost' };
        return store.complete(id, token, outcome, options);
      },
    }),
  },
  {
    name: 'the error of an unknown outcome stays',
    fault: 'leaves it in the record when it is settled or claimed again',
    caughtBy: [
      'unknown outcome: is taken over at once where it is executed again, and the error is gone then',
      'unknown outcome: may still be settled by its owner, as long as nobody has taken it over',
    ],
    wrap: (store) => {
      const errors = new Map<string, ErrorNote>();
      return {
        ...store,
        async release(id, token, failure, options) {
          const settlement = await store.release(id, token, failure, options);
          if (failure.unknown && settlement.status === 'done') errors.set(id, failure.error);
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
    name: 'what is unknown cannot be listed',
    fault: 'does not look at the error of what is in progress',
    caughtBy: ['list: finds what ended as unknown, and counts it among what is stuck or held'],
    wrap: (store) => ({
      ...store,
      list: ({ unknown: _, ...query }, options) => store.list(query, options),
    }),
  },
  {
    name: 'stats count what is unknown as live',
    fault: 'does not tell apart what is in progress',
    caughtBy: ['stats: counts what is stuck, held and unknown among what is in progress'],
    wrap: (store) => ({
      ...store,
      async stats(query, options) {
        const counted = await store.stats!(query, options);
        return counted.map((counts) => ({ ...counts, stuck: 0, held: 0, unknown: 0 }));
      },
    }),
  },
  {
    name: 'an unknown outcome wakes nobody',
    fault: 'leaves who waits for it waiting for the end of a lease',
    caughtBy: ['watch: resolves when the attempt ended as unknown'],
    wrap: (store) => ({
      ...store,
      async watch(id, signal) {
        await store.watch!(id, signal);
        const record = await store.get(id);
        if (signal.aborted || !record || !isOutcomeUnknown(record)) return;
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
    }),
  },
  {
    name: 'the workflow of a step is forgotten',
    fault: 'keeps a step as if nobody had called it',
    caughtBy: [
      'list: finds the steps of a workflow',
      'record: keeps everything that the claim says about the work',
    ],
    wrap: (store) => ({
      ...store,
      acquire: ({ workflow: _, ...claim }, options) => store.acquire(claim, options),
    }),
  },
  {
    name: 'steps of all workflows are listed',
    fault: 'leaves a condition out',
    caughtBy: ['list: finds the steps of a workflow'],
    wrap: (store) => ({
      ...store,
      list: ({ workflow: _, ...query }, options) => store.list(query, options),
    }),
  },
  {
    name: 'who settled is forgotten',
    fault: 'leaves the operator out of the record',
    caughtBy: ['record: keeps who settled it, and why, until it is claimed again'],
    wrap: (store) => ({
      ...store,
      complete: (id, token, { settledBy: _, ...outcome }, options) =>
        store.complete(id, token, outcome, options),
    }),
  },
  {
    name: 'a forged cursor is a fault',
    fault: 'trusts the text that it is given',
    caughtBy: [
      'list: answers a forged cursor with a page or a refusal that names it, never with a fault',
    ],
    wrap: (store) => ({
      ...store,
      async list(query, options) {
        try {
          return await store.list(query, options);
        } catch (error) {
          if (!isIdempotencyError(error, 'OPTIONS_INVALID')) throw error;
          throw new TypeError("Cannot read properties of undefined (reading 'scan')");
        }
      },
    }),
  },
];
