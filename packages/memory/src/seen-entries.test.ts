import type { Claim } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { memoryStore } from './memory-store.ts';

const hour = 3_600_000;

function newClaim(name: string, token: string): Claim {
  return {
    id: `test/pay/0/${name}`,
    ...{ environment: 'test', operation: 'pay', run: 0, formatVersion: 1 },
    ...{ token, leaseMs: 30_000, retentionMs: hour, abandoned: 'reexecute' },
  };
}

/** A completed record that was given to somebody, who has shown it once. */
function newStore() {
  let now = 0;
  const store = memoryStore({ clock: { now: () => now } });
  const claim = newClaim('one', 'mine');
  const outcome = { bytes: Uint8Array.from([1]), retentionMs: hour };
  const { atOnce } = store;
  const look = (id = claim.id) => atOnce.look(id, {}, seen);
  const execute = (next = claim) => {
    atOnce.acquire(next);
    atOnce.complete(next.id, next.token, outcome);
    return atOnce.look(next.id)!;
  };
  const seen = execute();
  expect(look()).toBe(seen);
  return { store, claim, seen, look, execute, pass: (ms: number) => (now += ms) };
}

test('whoever shows a record again is answered with it, as long as it counts', () => {
  const { look, seen, pass } = newStore();
  expect(look()).toBe(seen);
  pass(hour + 1);
  expect(look()).toBeUndefined();
});

test('a record that was deleted is not there for who shows it, nor taken for the next one of its id', async () => {
  const { store, claim, look, seen, execute } = newStore();
  await store.delete(claim.id);
  expect(look()).toBeUndefined();
  const next = execute({ ...claim, token: 'another’s' });
  expect(look()).toEqual(next);
  expect(next.fence).toBeGreaterThan(seen.fence);
});

test('a record that is kept for longer is answered anew', async () => {
  const { store, claim, look, seen } = newStore();
  const extended = await store.extend(claim.id, 2 * hour);
  expect(look()).toEqual(extended);
  expect(look()).not.toBe(seen);
});

test('a record that is executed again is not there until it is completed', () => {
  const { store, claim, look, seen } = newStore();
  const supersedes = `${seen.fence}.completed.${seen.expiresAt}`;
  const again = { ...claim, token: 'another’s', supersedes };
  expect(store.atOnce.acquire(again).status).toBe('acquired');
  expect(look()).toBeUndefined();
});

test('for another id, another record is answered', () => {
  const { look, execute } = newStore();
  const other = execute(newClaim('other', 'mine'));
  expect(look(other.id)).toEqual(other);
});
