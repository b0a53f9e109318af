import { memoryStore } from '@twiceproof/memory';
import { virtualClock } from '@twiceproof/testing/clock';
import { expect, test } from 'vitest';
import type { StoredRecord } from '../store.ts';
import { FastTier } from './fast-tier.ts';

const record: StoredRecord = {
  id: 'test/pay/0/abc',
  environment: 'test',
  operation: 'pay',
  run: 0,
  status: 'completed',
  token: 'mine',
  fence: 1,
  attempt: 1,
  createdAt: 0,
  startedAt: 0,
  leaseUntil: 0,
  completedAt: 0,
  outcome: new Uint8Array([1]),
  formatVersion: 1,
};

test.each([
  { lateMs: 999, isKept: true },
  { lateMs: 1_000, isKept: false },
])('a copy that is $lateMs ms on its way is kept: $isKept', async ({ lateMs, isKept }) => {
  const clock = virtualClock();
  const memory = memoryStore({ clock });
  const sent = Promise.withResolvers<void>();
  const slow: typeof memory.fill = async (...copy) => {
    await sent.promise;
    await memory.fill(...copy);
  };
  const tier = new FastTier({ ...memory, fill: slow }, 60_000, 1_000, clock);
  const filling = tier.fill(record, 0, 60_000, () => false);
  await clock.advance(lateMs);
  sent.resolve();
  await filling;
  // What nobody waits for any more goes on behind.
  await clock.advance(0);
  expect((await memory.get(record.id)) !== undefined).toBe(isKept);
});
