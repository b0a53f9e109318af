import { newClaim } from '@twiceproof/testing';
import { expect, test } from 'vitest';
import { newStore, useDatabases } from '../test/databases.ts';

test.each(useDatabases().all)('no renewal ends a lease earlier on $name', async (database) => {
  const { store } = await newStore(database);
  const claim = newClaim({ leaseMs: 60_000 });
  const { record } = await store.acquire(claim);
  const lease = await store.renew(claim.id, claim.token, 1_000);
  // The owner counts on what it asked for, and no more.
  expect(lease).toEqual({ remainingMs: 1_000 });
  const renewed = await store.get(claim.id);
  expect(renewed!.leaseUntil).toBe(record.leaseUntil);
  expect(renewed!.expiresAt).toBe(record.expiresAt);
});
