import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';
import { runStoreSuite } from './run-store-suite.ts';

const shortMs = 20;

/** Every answer takes longer than the leases and retentions whose end the suite waits for. */
function slow(store: Store): Store {
  const late =
    <Args extends readonly unknown[], Answer>(ask: (...args: Args) => Promise<Answer>) =>
    async (...args: Args) => {
      await sleep(1.5 * shortMs);
      return ask(...args);
    };
  return {
    ...store,
    acquire: late(store.acquire),
    renew: late(store.renew),
    complete: late(store.complete),
    release: late(store.release),
    get: late(store.get),
    delete: late(store.delete),
    extend: late(store.extend!),
    fill: late(store.fill!),
  };
}

test('a store on a server that is slow passes like any other', async () => {
  const failed = await runStoreSuite(
    async () => {
      const store = memoryStore();
      return { stores: [slow(store), slow(store)], dispose: async () => {} };
    },
    {
      without: ['setup', 'close', 'damage'],
      hasStats: true,
      shortMs,
      contention: { rounds: 2, claims: 10 },
    },
  );
  expect(failed).toEqual([]);
});
