import type { Store } from '@twiceproof/core';
import type { FaultyStore } from './faulty-store.ts';

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

/** Faults in the optional methods, and in the form of the store. */
export const optionalFaults: readonly FaultyStore[] = [
  {
    name: 'extend ignores the version',
    fault: 'changes whatever is there now instead of what was seen',
    caughtBy: ['extend: with a version, changes the record only while it is at it'],
    wrap: (store) => ({
      ...store,
      extend: (id, retentionMs, options) =>
        store.extend!(id, retentionMs, { ...options, version: undefined }),
    }),
  },
  {
    name: 'extend does not know null',
    fault: 'cannot keep a record until somebody deletes it',
    caughtBy: ['extend: with null, keeps the record until somebody deletes it'],
    wrap: (store) => ({
      ...store,
      extend: (id, retentionMs, options) => store.extend!(id, retentionMs ?? 100, options),
    }),
  },
  {
    name: 'extend only says so',
    fault: 'answers an expiry that it did not write',
    caughtBy: [
      'extend: keeps a settled record beyond its first retention',
      'extend: with a version, changes the record only while it is at it',
      'extend: with null, keeps the record until somebody deletes it',
    ],
    wrap: (store) => ({
      ...store,
      async extend(id, retentionMs, options) {
        const record = await store.get(id, options);
        if (record === undefined || record.status === 'in_progress') return undefined;
        const before = record.expiresAt;
        await store.extend!(id, retentionMs, options);
        const after = await store.get(id, options);
        if (before !== undefined) await store.extend!(id, 100);
        return after;
      },
    }),
  },
  {
    name: 'fill overwrites the authority’s record',
    fault: 'takes every copy it is given',
    caughtBy: ['fill: never overwrites a record that this store decides about'],
    wrap: (store) => ({
      ...store,
      async fill(record, ttlMs, options) {
        await store.delete(record.id);
        return store.fill!(record, ttlMs, options);
      },
    }),
  },
  {
    name: 'fill ignores the time to live',
    fault: 'serves a copy for longer than it was told',
    caughtBy: ['fill: keeps the record no longer than it is told'],
    wrap: (store) => ({
      ...store,
      fill: (record, _ttlMs, options) => store.fill!(record, 86_400_000, options),
    }),
  },
  {
    name: 'fill changes the record',
    fault: 'gives the copy an expiry of its own',
    caughtBy: [
      'fill: answers the record to a claim',
      'fill: filled again, holds the newer record',
      'fill: takes a completed record as it is',
    ],
    wrap: (store) => ({
      ...store,
      fill: (record, ttlMs, options) =>
        store.fill!({ ...record, expiresAt: Date.now() + ttlMs }, ttlMs, options),
    }),
  },
  {
    name: 'fill keeps the first copy',
    fault: 'does not replace a copy by a newer one',
    caughtBy: ['fill: filled again, holds the newer record'],
    wrap: (store) => ({
      ...store,
      async fill(record, ttlMs, options) {
        if ((await store.get(record.id)) === undefined) await store.fill!(record, ttlMs, options);
      },
    }),
  },
  {
    name: 'extend renews a lease',
    fault: 'also changes records that are in progress',
    caughtBy: ['extend: changes no record that is in progress, and creates none'],
    wrap: (store) => ({
      ...store,
      async extend(id, retentionMs, options) {
        const record = await store.get(id, options);
        if (record?.status !== 'in_progress') return store.extend!(id, retentionMs, options);
        await store.renew(id, record.token, retentionMs ?? 1_000);
        return store.get(id, options);
      },
    }),
  },
  {
    name: 'a copy cannot be deleted',
    fault: 'deletes only what it decides about itself',
    caughtBy: ['fill: leaves a filled record free to be deleted'],
    wrap: (store) => {
      const copies = new Set<string>();
      return {
        ...store,
        async fill(record, ttlMs, options) {
          copies.add(record.id);
          await store.fill!(record, ttlMs, options);
        },
        delete: async (id, options) => !copies.has(id) && store.delete(id, options),
      };
    },
  },
  {
    name: 'watch never wakes',
    fault: 'waits for the signal alone',
    caughtBy: [
      'watch: resolves when the attempt ended as unknown',
      'watch: resolves when the attempt failed',
      'watch: resolves when the record is completed',
      'watch: resolves when the record is deleted',
      'watch: wakes every watcher of the record',
    ],
    wrap: (store) => ({
      ...store,
      watch: (_id, signal) => aborted(signal),
    }),
  },
  {
    name: 'watch rejects when it is aborted',
    fault: 'makes an error out of the end of waiting',
    caughtBy: ['watch: resolves, and does not reject, when the signal aborts'],
    wrap: (store) => ({
      ...store,
      async watch(id, signal) {
        await store.watch!(id, signal);
        signal.throwIfAborted();
      },
    }),
  },
  {
    name: 'watch wakes one watcher',
    fault: 'forgets a watcher when another comes',
    caughtBy: ['watch: wakes every watcher of the record'],
    wrap: (store) => {
      const watched = new Map<string, AbortController>();
      return {
        ...store,
        watch(id, signal) {
          watched.get(id)?.abort();
          const forgotten = new AbortController();
          watched.set(id, forgotten);
          const woken = store.watch!(id, AbortSignal.any([signal, forgotten.signal]));
          return woken.then(() => (forgotten.signal.aborted ? aborted(signal) : undefined));
        },
      };
    },
  },
  {
    name: 'setup fails when it runs again',
    fault: 'creates what is there already',
    caughtBy: [
      'setup: may run again, and changes no record',
      'setup: may run several times at once',
    ],
    wrap: (store) => {
      let runs = 0;
      return {
        ...store,
        async setup() {
          runs += 1;
          if (runs > 1) throw new Error('relation already exists');
          await store.setup?.();
        },
      };
    },
  },
  {
    name: 'close closes the client',
    fault: 'ends what belongs to the user',
    caughtBy: ['close: ends only what is the store’s own: the client goes on working'],
    wrap: (store) => {
      let isClosed = false;
      return {
        ...store,
        async close() {
          isClosed = true;
        },
        async get(id, options) {
          if (isClosed) throw new Error('the client is closed');
          return store.get(id, options);
        },
      };
    },
  },
  {
    name: 'the limit is not known',
    fault: 'does not say how large a record may be',
    caughtBy: [
      'limits: an outcome beyond the limit settles nothing, and both numbers are said',
      'limits: an outcome within the limit is kept whole',
      'shape: says its name and its limit',
    ],
    wrap: (store) => ({ ...store, limits: { maxRecordBytes: Number.POSITIVE_INFINITY } }),
  },
  {
    name: 'methods need this',
    fault: 'cannot be decorated by spreading',
    caughtBy: ['shape: its methods need no this'],
    wrap(store) {
      return {
        ...store,
        held: store,
        get(id, options) {
          return this.held.get(id, options);
        },
      } as Store & ThisType<{ held: Store }>;
    },
  },
  {
    name: 'methods sit on a prototype',
    fault: 'loses its methods when it is spread',
    caughtBy: ['shape: a copy made by spreading is as good', 'shape: its methods need no this'],
    wrap: (store) => Object.create(store),
  },
];
