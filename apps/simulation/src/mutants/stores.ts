import type { Claim, Store, StoredRecord } from '@twiceproof/core';
import { leaseMs } from '../plan.ts';
import type { Mutant } from './mutant.ts';
import { renamed } from './renamed.ts';

/** Engines that send what they must not, or do not send what they must. */
export const storeMutants: readonly Mutant[] = [
  {
    name: 'own claim is a conflict',
    fault: 'takes a claim of its own that had landed for somebody else’s',
    caughtBy: ['own-write recognition'],
    table(table) {
      const claim = table.claim.bind(table);
      table.claim = (asked, by) => {
        const isAgain = table.rows.get(asked.id)?.token === asked.token;
        const answer = claim(asked, by);
        return isAgain ? { ...answer, status: 'existing' } : answer;
      };
    },
  },
  {
    name: 'own completion is lost',
    fault: 'takes a completion of its own that had landed for somebody else’s',
    caughtBy: ['own-write recognition'],
    table(table) {
      const complete = table.complete.bind(table);
      table.complete = (...request) => {
        const answer = complete(...request);
        return answer.status === 'already_done' ? { status: 'lost' } : answer;
      };
    },
  },
  {
    name: 'release after an ambiguous completion',
    fault: 'frees the key when a completion was not answered',
    caughtBy: ['never freed after success'],
    store: (store) => ({
      ...store,
      async complete(id, token, outcome) {
        try {
          return await store.complete(id, token, outcome);
        } catch (fault) {
          const error = { name: 'Error', message: 'the completion failed' };
          await store.release(id, token, { error, retentionMs: null });
          throw fault;
        }
      },
    }),
  },
  {
    name: 'deadline counted from the receipt',
    fault: 'takes what is left of a lease for as much when the answer arrives',
    caughtBy: ['lease deadline', 'exclusivity'],
    store: (store, { time }) => ({
      ...store,
      async acquire(claim, options) {
        const sentAt = time.now();
        const answer = await store.acquire(claim, options);
        const leaseRemainingMs = answer.leaseRemainingMs + time.now() - sentAt;
        return { ...answer, leaseRemainingMs };
      },
      async renew(id, token, ms, options) {
        const sentAt = time.now();
        const lease = await store.renew(id, token, ms, options);
        return lease && { remainingMs: lease.remainingMs + time.now() - sentAt };
      },
    }),
  },
  {
    name: 'renewal only said',
    fault: 'takes its lease for renewed without asking',
    caughtBy: ['exclusivity', 'lease deadline'],
    store: (store) => ({ ...store, renew: async (_id, _token, ms) => ({ remainingMs: ms }) }),
  },
  {
    name: 'completion given up early',
    fault: 'does not try a settlement again once its caller was told',
    caughtBy: ['settled while alive', 'never freed after success'],
    store(store, { time }) {
      const firstTries = new Map<string, number>();
      const isLate = (token: string): boolean => {
        const firstTry = firstTries.get(token) ?? time.now();
        firstTries.set(token, firstTry);
        return time.now() > firstTry + 200;
      };
      return {
        ...store,
        async complete(id, token, outcome) {
          return isLate(token) ? { status: 'lost' } : store.complete(id, token, outcome);
        },
        async release(id, token, failure) {
          const isSettlement = failure.error.name !== 'Withdrawn';
          if (isSettlement && isLate(token)) return { status: 'lost' };
          return store.release(id, token, failure);
        },
      };
    },
  },
  {
    name: 'late claim left behind',
    fault: 'does not take back a claim that was given up',
    caughtBy: ['given up without consequence'],
    store: (store) => ({
      ...store,
      async release(id, token, failure) {
        if (failure.error.name === 'Withdrawn') return { status: 'lost' };
        return store.release(id, token, failure);
      },
    }),
  },
  {
    name: 'claim taken for granted',
    fault: 'executes when the claim was not answered',
    caughtBy: ['fail closed'],
    store: (store) => ({
      ...store,
      acquire: (claim, options) => store.acquire(claim, options).catch(() => taken(claim)),
    }),
  },
  {
    name: 'wrong server believed',
    fault: 'takes the refusal of a read-only server for a claim that was granted',
    caughtBy: ['fail closed'],
    store: (store) => ({
      ...store,
      acquire: (claim, options) =>
        store.acquire(claim, options).catch((fault: Error) => {
          if (fault.message.startsWith('READONLY')) return taken(claim);
          throw fault;
        }),
    }),
  },
  {
    name: 'wrong server kept',
    fault: 'goes on using a connection that leads to a read-only server',
    caughtBy: ['settled while alive', 'liveness', 'given up without consequence'],
    keepsWrongServer: true,
  },
  {
    name: 'probe ignored',
    fault: 'takes an abandoned record over without asking the probe or an operator',
    caughtBy: ['unknown is not failure'],
    store: (store) => ({
      ...store,
      acquire: (claim, options) => store.acquire({ ...claim, abandoned: 'reexecute' }, options),
    }),
  },
  {
    name: 'unknown taken for a failure',
    fault: 'releases an attempt of which nobody knows what it did',
    caughtBy: ['unknown is not failure'],
    store: (store) => ({
      ...store,
      release: (id, token, failure, options) =>
        store.release(id, token, { ...failure, unknown: false }, options),
    }),
  },
  {
    name: 'ids cut short',
    fault: 'cuts record ids where it should tell them apart',
    caughtBy: ['key computed once', 'injective ids'],
    store: (store) => renamed(store, (id) => id.slice(0, id.lastIndexOf('/') + 1)),
  },
  {
    name: 'results not recorded as they are',
    fault: 'records another outcome than the one that its caller got',
    caughtBy: ['agreement', 'injective ids'],
    store(store) {
      let first: Uint8Array | undefined;
      return {
        ...store,
        complete(id, token, outcome, options) {
          first ??= outcome.bytes;
          return store.complete(id, token, { ...outcome, bytes: first }, options);
        },
      };
    },
  },
  {
    name: 'lost claim fails for good',
    fault: 'leaves a record that it could not claim in progress for ever',
    caughtBy: ['liveness', 'given up without consequence', 'settled while alive'],
    store: (store) => ({
      ...store,
      acquire: (claim, options) => store.acquire({ ...claim, leaseMs: 1_000 * leaseMs }, options),
    }),
  },
  {
    name: 'waits without end',
    fault: 'waits for an answer for as long as it takes',
    caughtBy: ['everything ends', 'settled while alive'],
    options: (options) => ({ ...options, storeTimeout: '2h' }),
  },
];

/** What a claim would be answered if it had landed. */
function taken(claim: Claim): Awaited<ReturnType<Store['acquire']>> {
  const times = { createdAt: 0, startedAt: 0, leaseUntil: claim.leaseMs };
  const record: StoredRecord = { ...claim, ...times, status: 'in_progress', fence: -1, attempt: 1 };
  return { status: 'acquired', record, leaseRemainingMs: claim.leaseMs };
}
