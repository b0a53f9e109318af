import type { FaultyStore } from './faulty-store.ts';

/** Faults in how long a record is kept. */
export const keepingFaults: readonly FaultyStore[] = [
  {
    name: 'expiry is ignored on read',
    fault: 'reads a completed record for as long as it is there',
    caughtBy: [
      'expiry: a completed record is no longer read after its retention',
      'expiry: an expired record is not there to be deleted',
      'extend: can also shorten a retention, counted from now',
      'paused retirement: goes on replaying a completed record past its retention',
    ],
    wrap: (store) => ({
      ...store,
      get: (id, options) => store.get(id, { ...options, retirement: 'paused' }),
    }),
  },
  {
    name: 'expiry is ignored by claims',
    fault: 'answers a completed record for as long as it is there',
    caughtBy: [
      'expiry: a claim finds an expired completed record absent, and begins anew',
      'fence: goes on rising after the record expired',
    ],
    wrap: (store) => ({
      ...store,
      acquire: (claim, options) => store.acquire(claim, { ...options, retirement: 'paused' }),
    }),
  },
  {
    name: 'expiry is ignored by listing',
    fault: 'lists a completed record for as long as it is there',
    caughtBy: ['expiry: an expired record is not listed'],
    wrap: (store) => ({
      ...store,
      list: (query, options) => store.list(query, { ...options, retirement: 'paused' }),
    }),
  },
  {
    name: 'retirement cannot be paused',
    fault: 'does not look at the option',
    caughtBy: ['paused retirement: goes on replaying a completed record past its retention'],
    wrap: (store) => ({
      ...store,
      acquire: (claim) => store.acquire(claim),
      get: (id) => store.get(id),
      list: (query) => store.list(query),
    }),
  },
  {
    name: 'null is a default retention',
    fault: 'lets a record expire that was to be kept',
    caughtBy: ['expiry: a retention of null keeps a record until somebody deletes it'],
    wrap: (store) => ({
      ...store,
      complete: (id, token, outcome, options) =>
        store.complete(
          id,
          token,
          { ...outcome, retentionMs: outcome.retentionMs ?? 60_000 },
          options,
        ),
    }),
  },
  {
    name: 'retention counts from the claim',
    fault: 'lets a completed record expire as if it had been completed at once',
    caughtBy: [
      'complete: records the outcome for everybody',
      'expiry: a completed record is no longer read after its retention',
    ],
    wrap: (store) => ({
      ...store,
      complete(id, token, outcome, options) {
        const retentionMs = outcome.retentionMs && Math.ceil(outcome.retentionMs * 0.9);
        return store.complete(id, token, { ...outcome, retentionMs }, options);
      },
    }),
  },
  {
    name: 'failed records do not expire',
    fault: 'keeps them until somebody deletes them',
    caughtBy: [
      'expiry: a failed record is no longer read after its retention, and begins anew',
      'extend: keeps a settled record beyond its first retention',
      'paused retirement: keeps no failed record past its retention',
      'release: keeps the failed attempt and its error for operators',
    ],
    wrap: (store) => ({
      ...store,
      release: (id, token, failure, options) =>
        store.release(id, token, { ...failure, retentionMs: null }, options),
    }),
  },
  {
    name: 'abandoned records do not expire',
    fault: 'keeps them until somebody deletes them',
    caughtBy: [
      'expiry: an abandoned record is kept for its retention after the lease, then begins anew',
      'expiry: an attempt that ended as unknown is kept for the retention of its claim, then begins anew',
      'list: finds what ended as unknown, and counts it among what is stuck or held',
      'list: finds what is held: stuck, and never expires by itself',
      'stats: counts what is stuck, held and unknown among what is in progress',
      'unknown outcome: leaves the record in progress, with its error and without a lease',
    ],
    wrap: (store) => ({
      ...store,
      acquire: (claim, options) => store.acquire({ ...claim, retentionMs: null }, options),
    }),
  },
  {
    name: 'delete ignores the version',
    fault: 'removes whatever is there now instead of what was seen',
    caughtBy: [
      'delete: with a version, removes no newer attempt',
      'delete: with a version, removes the record only while it is at it',
      'takeover: leaves what was seen before it unable to delete the newer record',
    ],
    wrap: (store) => ({
      ...store,
      delete: (id, options) => store.delete(id, { ...options, version: undefined }),
    }),
  },
  {
    name: 'delete always says yes',
    fault: 'does not say whether there was a record',
    caughtBy: [
      'delete: says so when there is nothing to remove',
      'expiry: an expired record is not there to be deleted',
    ],
    wrap: (store) => ({
      ...store,
      async delete(id, options) {
        const isDeleted = await store.delete(id, options);
        return options?.version === undefined || isDeleted;
      },
    }),
  },
  {
    name: 'delete spares completed records',
    fault: 'removes only what could be executed',
    caughtBy: [
      'corrupt record: can be deleted by an operator, and the work begins anew',
      'delete: lets the work be claimed anew, as a first attempt',
      'delete: removes a record, whatever its status',
      'delete: with a version, removes the record only while it is at it',
      'expiry: a retention of null keeps a record until somebody deletes it',
      'fence: goes on rising after the record was deleted',
      'shape: a copy made by spreading is as good',
      'shape: its methods need no this',
    ],
    wrap: (store) => ({
      ...store,
      async delete(id, options) {
        const { records } = await store.list({ idPrefix: id, status: 'completed', limit: 1 });
        return records.length === 0 && store.delete(id, options);
      },
    }),
  },
];
