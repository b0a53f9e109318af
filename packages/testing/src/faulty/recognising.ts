import { type Acquisition, recordVersion } from '@twiceproof/core';
import type { FaultyStore } from './faulty-store.ts';
import { seize } from './seize.ts';

const macrotask = () => new Promise((resolve) => setImmediate(resolve));

function isAbandoned({ status, record, leaseRemainingMs }: Acquisition): boolean {
  return status === 'existing' && record.status === 'in_progress' && leaseRemainingMs <= 0;
}

/** Faults in telling whose claim it is, and what it is about. */
export const recognisingFaults: readonly FaultyStore[] = [
  {
    name: 'own claim is a conflict',
    fault: 'answers a claim that is sent again as somebody else’s',
    caughtBy: [
      'own write: a claim sent again at the same time is acquired every time',
      'own write: a claim sent again is acquired, and starts no second attempt',
      'own write: a takeover sent again is acquired, and counts once',
    ],
    wrap: (store) => {
      const granted = new Set<string>();
      return {
        ...store,
        async acquire(claim, options) {
          const answer = await store.acquire(claim, options);
          if (answer.status === 'existing') return answer;
          const isAgain = granted.has(claim.token);
          granted.add(claim.token);
          return isAgain ? { ...answer, status: 'existing' } : answer;
        },
      };
    },
  },
  {
    name: 'own claim restarts the attempt',
    fault: 'counts a claim that is sent again as another attempt',
    caughtBy: [
      'own write: a claim sent again is acquired, and starts no second attempt',
      'own write: a takeover sent again is acquired, and counts once',
    ],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const seen = await store.get(claim.id, options);
        const isMine = seen?.status === 'in_progress' && seen.token === claim.token;
        return isMine ? seize(store, claim) : store.acquire(claim, options);
      },
    }),
  },
  {
    name: 'own completed claim executes again',
    fault: 'grants a claim by its token alone, also when the record is completed',
    caughtBy: ['own write: a claim that arrives after its completion executes nothing again'],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const answer = await store.acquire(claim, options);
        return answer.record.token === claim.token ? { ...answer, status: 'acquired' } : answer;
      },
    }),
  },
  {
    name: 'fingerprint is checked after the status',
    fault: 'claims a failed or abandoned record of another payload',
    caughtBy: [
      'fingerprint: another fingerprint never claims a failed record',
      'fingerprint: another fingerprint never takes over an abandoned record',
    ],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const answer = await store.acquire(claim, options);
        const isOver = isAbandoned(answer) && claim.abandoned === 'reexecute';
        const isFree = answer.status === 'existing' && answer.record.status === 'failed';
        if (claim.supersedes !== undefined || !(isOver || isFree)) return answer;
        return store.acquire({ ...claim, fingerprint: answer.record.fingerprint }, options);
      },
    }),
  },
  {
    name: 'supersedes ignores the fingerprint',
    fault: 'claims a settled record of another payload, if only the version is right',
    caughtBy: ['fingerprint: another fingerprint supersedes nothing'],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const answer = await store.acquire(claim, options);
        if (claim.supersedes === undefined || answer.status === 'acquired') return answer;
        return store.acquire({ ...claim, fingerprint: answer.record.fingerprint }, options);
      },
    }),
  },
  {
    name: 'a missing fingerprint is a difference',
    fault: 'refuses a claim when only one side has a fingerprint',
    caughtBy: ['fingerprint: a fingerprint on one side only is no difference'],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const seen = await store.get(claim.id, options);
        if (seen === undefined || seen.fingerprint === claim.fingerprint) {
          return store.acquire(claim, options);
        }
        return { status: 'existing', record: seen, leaseRemainingMs: 0 };
      },
    }),
  },
  {
    name: 'supersedes ignores the version',
    fault: 'claims whatever is there now instead of what was seen',
    caughtBy: ['supersedes: claims nothing at another version'],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        if (claim.supersedes === undefined) return store.acquire(claim, options);
        const seen = await store.get(claim.id, options);
        const supersedes = seen && recordVersion(seen);
        return store.acquire({ ...claim, supersedes }, options);
      },
    }),
  },
  {
    name: 'supersedes needs a record',
    fault: 'refuses a claim that supersedes a record which is gone',
    caughtBy: ['supersedes: claims an absent record like any other claim'],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const seen = await store.get(claim.id, options);
        if (claim.supersedes !== undefined && seen === undefined) {
          throw new Error('nothing to supersede');
        }
        return store.acquire(claim, options);
      },
    }),
  },
  {
    name: 'supersedes is not atomic',
    fault: 'looks at the version first, and claims what had it when it looked',
    caughtBy: ['supersedes: lets exactly one of many claim'],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        if (claim.supersedes === undefined) return store.acquire(claim, options);
        const seen = await store.get(claim.id, options);
        await macrotask();
        const answer = await store.acquire(claim, options);
        const wasIt = seen && recordVersion(seen) === claim.supersedes;
        const isLost = answer.status === 'existing' && seen?.status === 'completed';
        const { supersedes: _, ...anyhow } = claim;
        return wasIt && isLost && claim.fingerprint === seen.fingerprint
          ? seize(store, anyhow)
          : answer;
      },
    }),
  },
];
