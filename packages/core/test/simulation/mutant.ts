import type { Settlement, Store } from '@twiceproof/core';

/** What a faulty engine would not do. */
export type Mutant = 'no withdrawals' | 'no late settlements';

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
