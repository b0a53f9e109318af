import type { Claim } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';
import { virtualClock } from '../virtual-clock.ts';
import { scriptedFaults, seededFaults } from './fault-plans.ts';
import { flakyStore } from './flaky-store.ts';
import { outage } from './outage.ts';
import type { StoreFault } from './store-fault.ts';

const claim: Claim = {
  id: 'test/pay/0/abc',
  environment: 'test',
  operation: 'pay',
  run: 0,
  token: 'mine',
  leaseMs: 30_000,
  retentionMs: 60_000,
  abandoned: 'reexecute',
  formatVersion: 1,
};

function storeWith(fault: StoreFault) {
  const clock = virtualClock();
  const inner = memoryStore({ clock });
  return {
    clock,
    inner,
    store: flakyStore(inner, scriptedFaults({ acquire: [fault] }), { clock }),
  };
}

test('a lost request never lands', async () => {
  const { inner, store } = storeWith({ kind: 'request_lost' });
  await expect(store.acquire(claim)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await inner.get(claim.id)).toBeUndefined();
});

test('an outage lasts from its begin to its end, for the operations that it is told', async () => {
  const inner = memoryStore();
  const away = outage();
  const store = flakyStore(inner, away.plan);
  away.begin('acquire');
  await expect(store.acquire(claim)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await store.get(claim.id)).toBeUndefined();
  away.begin();
  await expect(store.get(claim.id)).rejects.toMatchObject({ code: 'ECONNRESET' });
  away.end();
  expect(await store.acquire(claim)).toMatchObject({ status: 'acquired' });
});

test('a lost response lands, and the retry is recognised', async () => {
  const { inner, store } = storeWith({ kind: 'response_lost' });
  await expect(store.acquire(claim)).rejects.toThrow('connection lost during acquire number 1');
  expect(await inner.get(claim.id)).toMatchObject({ token: 'mine' });
  expect(await store.acquire(claim)).toMatchObject({ status: 'acquired' });
});

test('a late request lands after its caller gave up', async () => {
  const { clock, inner, store } = storeWith({ kind: 'request_late', delayMs: 500 });
  await expect(store.acquire(claim)).rejects.toThrow('connection lost');
  await clock.advance(499);
  expect(await inner.get(claim.id)).toBeUndefined();
  await clock.advance(1);
  expect(await inner.get(claim.id)).toMatchObject({ token: 'mine' });
});

test('a delayed request lands late and is answered', async () => {
  const { clock, inner, store } = storeWith({ kind: 'request_delayed', delayMs: 500 });
  const answer = store.acquire(claim);
  await clock.advance(499);
  expect(await inner.get(claim.id)).toBeUndefined();
  await clock.advance(1);
  expect(await answer).toMatchObject({ status: 'acquired' });
});

test('a delayed response lands at once and is answered late', async () => {
  const { clock, inner, store } = storeWith({ kind: 'response_delayed', delayMs: 500 });
  let isAnswered = false;
  const answer = store.acquire(claim).finally(() => {
    isAnswered = true;
  });
  await clock.advance(499);
  expect(await inner.get(claim.id)).toMatchObject({ token: 'mine' });
  expect(isAnswered).toBe(false);
  await clock.advance(1);
  expect(await answer).toMatchObject({ status: 'acquired' });
});

test('a thrown fault is thrown as it is', async () => {
  const error = new TypeError('out of order');
  const { inner, store } = storeWith({ kind: 'thrown', error });
  await expect(store.acquire(claim)).rejects.toBe(error);
  expect(await inner.get(claim.id)).toBeUndefined();
});

test('the same seed gives the same faults', () => {
  const faults = (seed: number) => {
    const plan = seededFaults({ seed, rate: 0.5 });
    return Array.from({ length: 50 }, (_, at) => plan({ operation: 'get', id: 'a', nth: at + 1 }));
  };
  expect(faults(1)).toEqual(faults(1));
  expect(faults(1)).not.toEqual(faults(2));
  const struck = faults(1).filter((fault) => fault !== undefined).length;
  expect(struck).toBeGreaterThan(10);
  expect(struck).toBeLessThan(40);
});

test('faults strike only the operations and kinds that were asked for', () => {
  const plan = seededFaults({ seed: 7, rate: 1, operations: ['renew'], kinds: ['request_lost'] });
  expect(plan({ operation: 'get', id: 'a', nth: 1 })).toBeUndefined();
  expect(plan({ operation: 'renew', id: 'a', nth: 1 })).toMatchObject({ kind: 'request_lost' });
});

test('every fault is told, and methods that the store lacks stay absent', async () => {
  const told: string[] = [];
  const { extend: _, ...without } = memoryStore();
  const store = flakyStore(without, scriptedFaults({ get: [{ kind: 'response_lost' }] }), {
    onFault: (call, fault) => told.push(`${call.operation} ${call.id} ${call.nth} ${fault.kind}`),
  });
  await expect(store.get('some id')).rejects.toThrow();
  expect(told).toEqual(['get some id 1 response_lost']);
  expect('extend' in store).toBe(false);
});
