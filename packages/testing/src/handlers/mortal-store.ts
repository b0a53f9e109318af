import type { Store } from '@twiceproof/core';

type Reach = (operation: string, when: 'before' | 'after') => unknown;

/**
 * The store as one process is connected to it: from its death on, requests are not sent, and answers
 * reach nobody. `reach` is told of each operation before its function starts and after it has ended.
 */
export function mortalStore(
  store: Store,
  reach: Reach,
  pass: <T>(value: T) => T | Promise<never>,
): { readonly store: Store; leaseMs(): number } {
  const operations = new Map<string, string>();
  let leaseMs = 0;
  const mortal: Store = {
    ...store,
    async acquire(claim, options) {
      await pass(undefined);
      leaseMs = Math.max(leaseMs, claim.leaseMs);
      const answer = await pass(await store.acquire(claim, options));
      if (answer.status === 'acquired') {
        operations.set(claim.id, claim.operation);
        await reach(claim.operation, 'before');
      }
      return answer;
    },
    async renew(...request) {
      await pass(undefined);
      return pass(await store.renew(...request));
    },
    async complete(...request) {
      const operation = operations.get(request[0]);
      await (operation === undefined ? pass(undefined) : reach(operation, 'after'));
      return pass(await store.complete(...request));
    },
    async release(...request) {
      await pass(undefined);
      return pass(await store.release(...request));
    },
  };
  return { store: mortal, leaseMs: () => leaseMs };
}
