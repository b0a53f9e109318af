import type { Claim } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { memoryStore } from './memory-store.ts';

const claim: Claim = {
  ...{ id: 'test/pay/0/one', environment: 'test', operation: 'pay', run: 0, formatVersion: 1 },
  ...{ token: 'mine', leaseMs: 30_000, retentionMs: 60_000, abandoned: 'reexecute' },
};
const outcome = { bytes: Uint8Array.from([1, 2]), retentionMs: 60_000 };

test('a completion at once shows its record as it is then, without the outcome', async () => {
  const { atOnce, get } = memoryStore();
  atOnce.acquire(claim);
  const settlement = atOnce.complete(claim.id, 'mine', outcome);
  expect(settlement.status).toBe('done');
  const { outcome: kept, ...record } = (await get(claim.id))!;
  expect([...kept!]).toEqual([1, 2]);
  expect((settlement as { record: unknown }).record).toEqual(record);
  expect(record).toMatchObject({ status: 'completed', token: 'mine', outcomeBytes: 2 });
});

test('one that changes nothing says so', () => {
  const { atOnce } = memoryStore({ maxRecordBytes: 1_024 });
  atOnce.acquire(claim);
  const tooLarge = { ...outcome, bytes: new Uint8Array(2_000) };
  const complete = (token: string, what = outcome) => atOnce.complete(claim.id, token, what).status;
  expect(complete('mine', tooLarge)).toBe('too_large');
  expect(complete('theirs')).toBe('lost');
  expect(complete('mine')).toBe('done');
  expect(complete('mine')).toBe('already_done');
});
