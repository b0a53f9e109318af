import { newClaim } from '@twiceproof/testing';
import { expect, test, vi } from 'vitest';
import { done } from './endings.ts';
import { endPools, newStore } from './new-store.ts';

endPools();

test('processes that end after a claim or two remove what has expired, unless retirement is paused', async () => {
  const { client, table, store, sibling } = await newStore();
  const claim = newClaim({ retentionMs: 1, leaseMs: 1 });
  const { record } = await store.acquire(claim);
  await store.complete(claim.id, claim.token, { ...done, retentionMs: 1 });
  await vi.waitFor(async () => expect(await store.get(claim.id)).toBeUndefined(), 20_000);
  const isThere = async () => {
    const [rows] = await client.query(`SELECT id FROM ${table} WHERE seq = ${record.fence}`);
    return (rows as unknown[]).length === 1;
  };
  const aProcess = async (retirement: 'on' | 'paused') => {
    const short = sibling().store;
    await short.acquire(newClaim(), { retirement });
    await short.close();
  };
  await aProcess('paused');
  expect(await isThere()).toBe(true);
  await aProcess('on');
  expect(await isThere()).toBe(false);
});

test('a store closes while somebody has locked what it would remove', async () => {
  const { client, table, store, sibling } = await newStore();
  const claim = newClaim({ retentionMs: 1, leaseMs: 1 });
  const { record } = await store.acquire(claim);
  await store.complete(claim.id, claim.token, { ...done, retentionMs: 1 });
  await vi.waitFor(async () => expect(await store.get(claim.id)).toBeUndefined());
  const other = await client.getConnection();
  await other.beginTransaction();
  await other.query(`SELECT id FROM ${table} WHERE seq = ${record.fence} FOR UPDATE`);
  const ending = sibling().store;
  await ending.acquire(newClaim());
  // The server would have them wait for fifty seconds, and each of a hundred tries as long.
  await ending.close();
  await other.rollback();
  other.release();
});
