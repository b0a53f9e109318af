import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { memoryStore } from './memory-store.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

function usedBytes(): number {
  for (let count = 0; count < 3; count += 1) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test('a completed record with a result of 100 bytes takes at most 600 bytes', {
  timeout: 60_000,
}, async () => {
  const count = 20_000;
  const store = memoryStore();
  const bytes = new Uint8Array(100).fill(200);
  const before = usedBytes();
  for (let at = 0; at < count; at += 1) {
    const id = `prod/charge-payment/0/${randomBytes(32).toString('base64url')}`;
    const token = randomBytes(16).toString('base64url');
    const work = { id, environment: 'prod', operation: 'charge-payment', run: 0, token };
    const rest = { leaseMs: 30_000, retentionMs: 86_400_000, formatVersion: 1 };
    const keyPreview = `"pay-${at}"`;
    await store.acquire({ ...work, ...rest, keyPreview, abandoned: 'reexecute' });
    await store.complete(id, token, { bytes, retentionMs: 86_400_000 });
  }
  const perRecord = (usedBytes() - before) / count;
  expect(perRecord).toBeGreaterThan(300);
  expect(perRecord).toBeLessThanOrEqual(600);
  expect((await store.list({ limit: 1 })).records).toHaveLength(1);
});
