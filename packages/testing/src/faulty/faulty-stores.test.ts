import { IdempotencyError, type Store } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describe, expect, test } from 'vitest';
import { runStoreSuite } from '../run-store-suite.ts';
import type { StoreCapabilities, StoreFactory } from '../store-harness.ts';
import { storeSuite } from '../suite/store-suite.ts';
import { virtualClock } from '../virtual-clock.ts';
import { faultyStores } from './faulty-stores.ts';

const capabilities: StoreCapabilities = {
  hasStats: true,
  canFailOver: true,
  contention: { rounds: 20, claims: 20 },
};

/** A memory store with the parts that memory has no use for, so that every spec applies. */
function completeStore(clock: { now(): number; epoch(): number }) {
  const inner = memoryStore({ clock, maxRecordBytes: 256 * 1024 });
  const damaged = new Set<string>();
  const check = (id: string) => {
    if (damaged.has(id)) throw new IdempotencyError('RECORD_CORRUPT', `${id} cannot be read`);
  };
  const store: Store = {
    ...inner,
    async acquire(claim, options) {
      check(claim.id);
      return inner.acquire(claim, options);
    },
    async get(id, options) {
      check(id);
      return inner.get(id, options);
    },
    async delete(id, options) {
      damaged.delete(id);
      return inner.delete(id, options);
    },
    async setup() {},
    async close() {},
  };
  return { store, damage: async (id: string) => void damaged.add(id) };
}

/** The store over a connection that a failover leaves with a server which refuses writes. */
function connected(store: Store) {
  let isWrong = false;
  const refuse = () => {
    if (!isWrong) return;
    // The connection is dropped with the refusal.
    isWrong = false;
    throw new Error("READONLY You can't write against a read only replica.");
  };
  const writes = ['acquire', 'renew', 'complete', 'release', 'delete'] as const;
  const methods = writes.map((operation) => {
    const send = store[operation] as (...request: never[]) => Promise<unknown>;
    const sent = async (...request: never[]) => {
      refuse();
      return send(...request);
    };
    return [operation, sent];
  });
  return {
    store: { ...store, ...Object.fromEntries(methods) } as Store,
    async failOver() {
      isWrong = true;
    },
  };
}

function factoryOf(wrap: (store: Store) => Store): StoreFactory {
  return async () => {
    const clock = virtualClock();
    const { store, damage } = completeStore(clock);
    const advance = (ms: number) => clock.advance(ms);
    const { store: one, failOver } = connected(store);
    const stores = [wrap(one), wrap(store)] as const;
    return { stores, damage, advance, failOver, dispose: async () => {} };
  };
}

async function failures(wrap: (store: Store) => Store): Promise<string[]> {
  const failed = await runStoreSuite(factoryOf(wrap), capabilities);
  return failed.map(({ title }) => title).sort();
}

test('a correct store passes every spec', async () => {
  expect(await failures((store) => store)).toEqual([]);
});

test('no two specs and no two faults share a name', () => {
  for (const names of [
    storeSuite.map((spec) => spec.title),
    faultyStores.map(({ name }) => name),
  ]) {
    expect(new Set(names).size).toBe(names.length);
  }
});

test('no spec is there that no faulty store fails', () => {
  const failed = new Set(faultyStores.flatMap(({ caughtBy }) => caughtBy));
  const unproven = storeSuite.filter(({ title }) => !failed.has(title));
  expect(unproven.map(({ title }) => title)).toEqual([]);
});

describe('each faulty store fails the specs named for its fault, and no others', () => {
  test.concurrent.for(faultyStores.map((faulty) => [faulty.name, faulty] as const))(
    '%s',
    { timeout: 60_000 },
    async ([, faulty], { expect }) => {
      const caughtBy = [...faulty.caughtBy].sort();
      expect(caughtBy.length, 'a fault that nothing catches').toBeGreaterThan(0);
      expect(await failures(faulty.wrap)).toEqual(caughtBy);
    },
  );
});
