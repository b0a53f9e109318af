import { recordVersion, type StoredRecord } from '@twiceproof/core';
import type { FaultyStore } from './faulty-store.ts';
import { claimLike, ownerOf } from './posing.ts';

/** Faults in keeping an attempt alive. */
export const renewingFaults: readonly FaultyStore[] = [
  {
    name: 'renew ignores the token',
    fault: 'renews for anybody while the record is in progress',
    caughtBy: [
      'renew: refuses everybody but the owner, and changes nothing',
      'takeover: leaves the stale owner unable to renew',
    ],
    wrap: (store) => ({
      ...store,
      async renew(id, token, leaseMs, options) {
        return store.renew(id, await ownerOf(store, id, token), leaseMs, options);
      },
    }),
  },
  {
    name: 'renew revives a settled record',
    fault: 'looks at the token but not at the status',
    caughtBy: ['renew: never revives a completed record', 'renew: never revives a failed record'],
    wrap: (store) => ({
      ...store,
      async renew(id, token, leaseMs, options) {
        const record = await store.get(id, options);
        if (record?.token === token && record.status !== 'in_progress') {
          const supersedes = recordVersion(record);
          await store.acquire({ ...claimLike(record, token), supersedes });
        }
        return store.renew(id, token, leaseMs, options);
      },
    }),
  },
  {
    name: 'renew only says so',
    fault: 'answers a lease that it did not write',
    caughtBy: [
      'renew: gives a lease that is over back to its owner, if nobody took it',
      'renew: keeps others away beyond the first lease',
      'renew: lets a lease outlive the retention that was given with the claim',
      'renew: sets the lease to the asked length, counted from now',
      'unknown outcome: ends renewals: one that arrives late brings no lease back',
    ],
    wrap: (store) => ({
      ...store,
      async renew(id, token, leaseMs, options) {
        const record = await store.get(id, options);
        const isMine = record?.status === 'in_progress' && record.token === token;
        return isMine ? { remainingMs: leaseMs } : undefined;
      },
    }),
  },
  {
    name: 'renew creates a missing record',
    fault: 'writes a lease whether or not there is a record',
    caughtBy: ['renew: never creates a record'],
    wrap: (store) => ({
      ...store,
      async renew(id, token, leaseMs, options) {
        if ((await store.get(id, options)) === undefined) {
          const work = { id, environment: 'conformance', operation: 'unknown', run: 0 };
          const rest = { leaseMs, retentionMs: 1_000, formatVersion: 1 };
          await store.acquire({ ...work, ...rest, token, abandoned: 'reexecute' });
        }
        return store.renew(id, token, leaseMs, options);
      },
    }),
  },
  {
    name: 'a renewal changes the version',
    fault: 'raises the fence with every renewal',
    caughtBy: [
      'delete: with a version, is not put off by a renewal',
      'renew: sets the lease to the asked length, counted from now',
    ],
    wrap: (store) => {
      const renewals = new Map<string, number>();
      const raised = (record: StoredRecord) => {
        const fence = record.fence + (renewals.get(record.id) ?? 0);
        return { ...record, fence };
      };
      return {
        ...store,
        async renew(id, token, leaseMs, options) {
          const lease = await store.renew(id, token, leaseMs, options);
          if (lease) renewals.set(id, (renewals.get(id) ?? 0) + 1);
          return lease;
        },
        async get(id, options) {
          const record = await store.get(id, options);
          return record && raised(record);
        },
        async delete(id, options) {
          if (options?.version === undefined) return store.delete(id, options);
          const record = await store.get(id, options);
          const isAtIt = record && recordVersion(raised(record)) === options.version;
          return isAtIt ? store.delete(id) : false;
        },
      };
    },
  },
];
