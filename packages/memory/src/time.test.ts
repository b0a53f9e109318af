import type { Claim } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { memoryStore } from './memory-store.ts';

const claim: Claim = {
  id: 'test/pay/0/abc',
  environment: 'test',
  operation: 'pay',
  run: 0,
  token: 'mine',
  leaseMs: 1_000,
  retentionMs: 60_000,
  abandoned: 'reexecute',
  formatVersion: 1,
};

function newStore(start: { now: number; epoch: number }) {
  const time = { ...start };
  const clock = { now: () => time.now, epoch: () => time.epoch };
  return { store: memoryStore({ clock }), time };
}

test('times are epoch milliseconds: the epoch at the start plus what passed since', async () => {
  const { store, time } = newStore({ now: 500, epoch: 1_700_000_000_000 });
  time.now += 2_000;
  const { record } = await store.acquire(claim);
  expect(record).toMatchObject({
    createdAt: 1_700_000_002_000,
    startedAt: 1_700_000_002_000,
    leaseUntil: 1_700_000_003_000,
    expiresAt: 1_700_000_063_000,
  });
});

test('a step of the system clock changes nothing', async () => {
  const { store, time } = newStore({ now: 0, epoch: 1_700_000_000_000 });
  await store.acquire(claim);
  time.epoch += 86_400_000;
  expect(await store.acquire({ ...claim, token: 'other' })).toMatchObject({ status: 'existing' });
  time.epoch -= 2 * 86_400_000;
  time.now += 1_000;
  const { record } = await store.acquire({ ...claim, token: 'other' });
  expect(record.startedAt).toBe(1_700_000_001_000);
});

test('a lease that began between two milliseconds does not end early', async () => {
  const { store, time } = newStore({ now: 10.7, epoch: 1_000 });
  time.now = 20.3;
  expect(await store.acquire(claim)).toMatchObject({ leaseRemainingMs: 1_000 });
  time.now = 1_020.2;
  expect(await store.acquire({ ...claim, token: 'other' })).toMatchObject({ status: 'existing' });
  time.now = 1_021.8;
  expect(await store.acquire({ ...claim, token: 'other' })).toMatchObject({ status: 'acquired' });
});

test('times stay whole milliseconds', async () => {
  const { store, time } = newStore({ now: 10.7, epoch: 1_000.4 });
  time.now = 33.35;
  const { record } = await store.acquire(claim);
  for (const name of ['createdAt', 'startedAt', 'leaseUntil', 'expiresAt'] as const) {
    expect(Number.isInteger(record[name]), name).toBe(true);
  }
});

test('a record goes on as it was after the process ran for months', async () => {
  const { store, time } = newStore({ now: 0, epoch: 1_700_000_000_000 });
  time.now += 100 * 86_400_000;
  await store.acquire(claim);
  const bytes = Uint8Array.from([1]);
  await store.complete(claim.id, claim.token, { bytes, retentionMs: 60 * 86_400_000 });
  time.now += 60 * 86_400_000 - 1;
  expect(await store.get(claim.id)).toMatchObject({
    completedAt: 1_700_000_000_000 + 100 * 86_400_000,
    expiresAt: 1_700_000_000_000 + 160 * 86_400_000,
  });
  time.now += 1;
  expect(await store.get(claim.id)).toBeUndefined();
});
