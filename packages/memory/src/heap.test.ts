import { createIdempotency } from '@twiceproof/core';
import { bytesKeptBy } from '@twiceproof/counting';
import { expect, test } from 'vitest';
import { memoryStore } from './memory-store.ts';

test('a completed record with a result of 100 bytes takes at most 500 bytes', async () => {
  // So many that the code compiled for them, some hundred kilobytes, is a few bytes of each.
  const count = 80_000;
  const store = memoryStore();
  const result = 'r'.repeat(98);
  const { wrap } = createIdempotency({ environment: 'prod', store });
  const charge = wrap(async (_id: string) => result, {
    operation: 'charge-payment',
    key: (id) => id,
  });
  for (let at = 0; at < 5_000; at += 1) await charge(`warm-${at}`);
  const bytes = await bytesKeptBy(async () => {
    for (let at = 0; at < count; at += 1) await charge(`pay-${at}`);
    return store;
  });
  const perRecord = bytes / count;
  expect(perRecord).toBeGreaterThan(300);
  expect(perRecord).toBeLessThanOrEqual(500);
  const [record] = (await store.list({ limit: 1 })).records;
  expect(record).toMatchObject({ status: 'completed', outcomeBytes: 102 });
});
