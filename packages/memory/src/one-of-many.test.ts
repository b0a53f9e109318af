import type { Claim } from '@twiceproof/core';
import { promisesUntilAsked } from '@twiceproof/counting';
import { expect, test } from 'vitest';
import { memoryStore } from './memory-store.ts';

const maxRecordBytes = 4_096;
let made = 0;
function newClaim(id = `test/pay/0/${made++}`): Claim {
  return {
    id,
    environment: 'test',
    operation: 'pay',
    run: 0,
    token: `token ${made++}`,
    leaseMs: 30_000,
    retentionMs: 60_000,
    abandoned: 'hold',
    formatVersion: 1,
  };
}
const rivalOf = ({ id }: Claim): Claim => newClaim(id);

const done = { bytes: new Uint8Array([1, 2, 3]), retentionMs: 60_000 };

/** What all of them come to, and how many promises it took to ask. */
async function asked<Answer>(of: readonly Claim[], ask: (claim: Claim) => Promise<Answer>) {
  const { promises, answer } = promisesUntilAsked(() => of.map(ask));
  return { answers: await Promise.allSettled(answer), promises };
}

// Nothing in memory is locked, corrupt or of another type.
test('of 64 calls, a held, an oversized, a lost and a full one keep none of the others waiting', async () => {
  const store = memoryStore({ maxRecords: 64, maxRecordBytes });
  const claims = Array.from({ length: 64 }, () => newClaim());
  const [held, oversized, lost] = claims as [Claim, Claim, Claim];
  await store.acquire(rivalOf(held));
  const claimed = await asked([...claims, newClaim()], (claim) => store.acquire(claim));
  expect(claimed.promises).toBe(65);
  const [refused, ...granted] = claimed.answers;
  expect(refused).toMatchObject({ value: { status: 'existing' } });
  expect(granted.pop()).toMatchObject({ reason: { code: 'STORE_UNAVAILABLE' } });
  for (const answer of granted) expect(answer).toMatchObject({ value: { status: 'acquired' } });

  await store.delete(lost.id);
  await store.acquire(rivalOf(lost));
  const settled = await asked(claims, ({ id, token }) => {
    const bytes = id === oversized.id ? new Uint8Array(maxRecordBytes) : done.bytes;
    return store.complete(id, token, { ...done, bytes });
  });
  expect(settled.promises).toBe(64);
  const [foreign, large, gone, ...good] = settled.answers;
  expect(foreign).toMatchObject({ value: { status: 'lost' } });
  expect(large).toMatchObject({ value: { status: 'too_large' } });
  expect(gone).toMatchObject({ value: { status: 'lost' } });
  expect(good).toHaveLength(61);
  for (const answer of good) expect(answer).toMatchObject({ value: { status: 'done' } });
});
