import type { Claim, Settlement, Store, StoredRecord } from '@twiceproof/core';

/** What a faulty engine would not do. */
export type Mutant =
  | 'no withdrawals'
  | 'no late settlements'
  | 'the wrong server is kept'
  | 'the wrong server is believed';

/** The store of a process whose engine lacks something: what it would not have sent is not sent. */
export function mutated(
  store: Store,
  mutant: Mutant | undefined,
  now: () => number,
  storeTimeoutMs: number,
): Store {
  const firstTries = new Map<string, number>();
  const isLate = (token: string): boolean => {
    const firstTry = firstTries.get(token) ?? now();
    firstTries.set(token, firstTry);
    return now() > firstTry + storeTimeoutMs;
  };
  const unsent: Settlement = { status: 'lost' };
  return {
    ...store,
    async acquire(claim, ...request) {
      if (mutant !== 'the wrong server is believed') return store.acquire(claim, ...request);
      try {
        return await store.acquire(claim, ...request);
      } catch (fault) {
        if (!(fault as Error).message.startsWith('READONLY')) throw fault;
        return { status: 'acquired', record: claimed(claim), leaseRemainingMs: claim.leaseMs };
      }
    },
    async complete(id, token, ...request) {
      if (mutant === 'no late settlements' && isLate(token)) return unsent;
      return store.complete(id, token, ...request);
    },
    async release(id, token, failure, ...request) {
      const isWithdrawal = failure.error.name === 'Withdrawn';
      if (mutant === 'no withdrawals' && isWithdrawal) return unsent;
      if (mutant === 'no late settlements' && !isWithdrawal && isLate(token)) return unsent;
      return store.release(id, token, failure, ...request);
    },
  };
}

/** What a claim that nobody made would have written. */
function claimed(claim: Claim): StoredRecord {
  const times = { createdAt: 0, startedAt: 0, leaseUntil: claim.leaseMs };
  return { ...claim, ...times, status: 'in_progress', fence: 1, attempt: 1 };
}
