import type { Acquisition } from '@twiceproof/core';
import type { FaultyStore } from './faulty-store.ts';
import { seize } from './seize.ts';

const macrotask = () => new Promise((resolve) => setImmediate(resolve));

/** Faults in deciding who may execute. */
export const claimingFaults: readonly FaultyStore[] = [
  {
    name: 'acquire is not atomic',
    fault: 'looks first, and claims what was free when it looked',
    caughtBy: [
      'contention: of parallel claims of a failed record, exactly one is granted',
      'contention: of parallel claims of a free record, exactly one is granted',
    ],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const seen = await store.get(claim.id, options);
        await macrotask();
        const answer = await store.acquire(claim, options);
        const wasFree = seen === undefined || seen.status === 'failed';
        return answer.status === 'existing' && wasFree ? seize(store, claim) : answer;
      },
    }),
  },
  {
    name: 'acquire ignores the lease',
    fault: 'takes over a record whose lease is live',
    caughtBy: [
      'acquire: refuses a second claim while the lease is live, and writes nothing',
      'contention: of parallel claims of a failed record, exactly one is granted',
      'contention: of parallel claims of a free record, exactly one is granted',
      'contention: of parallel claims of an abandoned record, exactly one is granted',
      'renew: gives a lease that is over back to its owner, if nobody took it',
      'renew: keeps others away beyond the first lease',
      'renew: lets a lease outlive the retention that was given with the claim',
      'takeover: does not happen to a record that is to be held',
      'takeover: is the next attempt of the same record',
      'takeover: leaves a straggling claim of the stale owner unable to take it back',
      'takeover: never happens before the lease is over',
      'unknown outcome: is held at once, and never expires where its claim said so',
    ],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const answer = await store.acquire(claim, options);
        const { status, record } = answer;
        const isTheirs = status === 'existing' && record.status === 'in_progress';
        const isAlike = record.fingerprint === claim.fingerprint;
        return isTheirs && isAlike && !claim.supersedes ? seize(store, claim) : answer;
      },
    }),
  },
  {
    name: 'takeover comes early',
    fault: 'takes over when half a short lease is left',
    caughtBy: [
      'takeover: does not happen to a record that is to be held',
      'takeover: never happens before the lease is over',
    ],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const answer = await store.acquire(claim, options);
        const { status, record, leaseRemainingMs } = answer;
        const isTheirs = status === 'existing' && record.status === 'in_progress';
        return isTheirs && leaseRemainingMs > 0 && leaseRemainingMs < 150
          ? seize(store, claim)
          : answer;
      },
    }),
  },
  {
    name: 'takeover ignores hold',
    fault: 'takes over an abandoned record that is to be held for an operator',
    caughtBy: [
      'takeover: does not happen to a record that is to be held',
      'unknown outcome: is held at once, and never expires where its claim said so',
    ],
    wrap: (store) => ({
      ...store,
      acquire: (claim, options) => store.acquire({ ...claim, abandoned: 'reexecute' }, options),
    }),
  },
  {
    name: 'takeover never happens',
    fault: 'holds every abandoned record',
    caughtBy: [
      'contention: of parallel claims of an abandoned record, exactly one is granted',
      'fingerprint: another fingerprint never takes over an abandoned record',
      'list: finds what ended as unknown, and counts it among what is stuck or held',
      'own write: a takeover sent again is acquired, and counts once',
      'takeover: is the next attempt of the same record',
      'takeover: leaves a straggling claim of the stale owner unable to take it back',
      'takeover: leaves the stale owner unable to complete',
      'takeover: leaves the stale owner unable to release',
      'takeover: leaves the stale owner unable to renew',
      'takeover: leaves what was seen before it unable to delete the newer record',
      'takeover: never happens before the lease is over',
      'unknown outcome: is taken over at once where it is executed again, and the error is gone then',
    ],
    wrap: (store) => ({
      ...store,
      acquire: (claim, options) => store.acquire({ ...claim, abandoned: 'hold' }, options),
    }),
  },
  {
    name: 'a refused claim extends the lease',
    fault: 'writes when it refuses a duplicate',
    caughtBy: [
      'acquire: refuses a second claim while the lease is live, and writes nothing',
      'fingerprint: another fingerprint is answered the existing record, whatever its status',
      'supersedes: claims nothing that a live lease holds',
      'takeover: leaves a straggling claim of the stale owner unable to take it back',
    ],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const answer = await store.acquire(claim, options);
        const { status, record, leaseRemainingMs } = answer;
        if (status === 'existing' && record.status === 'in_progress' && leaseRemainingMs > 10_000) {
          await store.renew(record.id, record.token, leaseRemainingMs + 1_000);
        }
        return answer;
      },
    }),
  },
  {
    name: 'a failed record waits for its lease',
    fault: 'does not let the next call execute at once',
    caughtBy: [
      'acquire: claims a failed record as the next attempt of the same record',
      'acquire: counts every attempt',
      'acquire: leaves nothing of the failed attempt in the claimed record',
      'contention: of parallel claims of a failed record, exactly one is granted',
      'delete: with a version, removes no newer attempt',
      'fence: rises with every attempt',
      'fingerprint: a fingerprint on one side only is no difference',
      'fingerprint: another fingerprint never claims a failed record',
      'record: keeps who settled it, and why, until it is claimed again',
      'record: takes the traceparent of the executing span when it is settled',
      'release: lets the next call execute at once',
      'supersedes: counts no attempt when the record is only to be settled',
    ],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const seen = await store.get(claim.id, options);
        if (seen?.status !== 'failed' || claim.supersedes) return store.acquire(claim, options);
        return { status: 'existing', record: seen, leaseRemainingMs: 60_000 };
      },
    }),
  },
  {
    name: 'a lease is answered in seconds',
    fault: 'confuses the units of what is left of the claimed lease',
    caughtBy: ['acquire: claims an absent record: in progress, first attempt, the whole lease'],
    wrap: (store) => ({
      ...store,
      async acquire(claim, options) {
        const answer = await store.acquire(claim, options);
        if (answer.status === 'existing') return answer;
        return { ...answer, leaseRemainingMs: answer.leaseRemainingMs / 1_000 };
      },
    }),
  },
  {
    name: 'answers are mixed up',
    fault: 'sends claims together, and gives a caller the answer of another',
    caughtBy: ['acquire: lets different record ids be claimed at the same time'],
    wrap: (store) => {
      let waiting: (() => void)[] = [];
      const together = () =>
        new Promise<void>((resolve) => {
          if (waiting.length === 0) {
            setImmediate(() => {
              const batch = waiting.reverse();
              waiting = [];
              for (const go of batch) go();
            });
          }
          waiting.push(resolve);
        });
      const answers: Promise<Acquisition>[] = [];
      return {
        ...store,
        async acquire(claim, options) {
          const answer = store.acquire(claim, options);
          answers.push(answer);
          await Promise.all([together(), answer]);
          return answers.shift()!;
        },
      };
    },
  },
  {
    name: 'reads come from a lagging replica',
    fault: 'does not find at first what another client wrote',
    caughtBy: [
      'acquire: lets both clients read what one of them claimed',
      'complete: is accepted late, if nobody took the record over',
      'complete: records the outcome for everybody',
      'fill: filled again, holds the newer record',
      'fill: keeps the bytes apart from the caller’s',
      'fill: takes a completed record as it is',
      'limits: an outcome within the limit is kept whole',
      'list: finds what ended as unknown, and counts it among what is stuck or held',
      'record: keeps everything that the claim says about the work',
      'record: keeps ids with odd characters apart',
      'record: keeps who settled it, and why, until it is claimed again',
      'release: keeps the failed attempt and its error for operators',
      'unknown outcome: leaves the record in progress, with its error and without a lease',
    ],
    wrap: (store) => {
      const known = new Set<string>();
      return {
        ...store,
        async acquire(claim, options) {
          known.add(claim.id);
          return store.acquire(claim, options);
        },
        async get(id, options) {
          const record = await store.get(id, options);
          const hasArrived = known.has(id);
          known.add(id);
          return hasArrived ? record : undefined;
        },
      };
    },
  },
];
