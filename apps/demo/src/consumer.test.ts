import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '@twiceproof/memory';
import { expect, onTestFinished, test } from 'vitest';
import { startConsumer } from './consumer.ts';
import type { FromWorker } from './messages.ts';

test('a consumer that is closed with an order in hand settles it first', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'twiceproof-consumer-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const store = memoryStore();
  const said: FromWorker[] = [];
  const consumer = await startConsumer(
    {
      stores: [{ kind: 'memory', store }],
      environment: 'test',
      spans: 'report',
      ledgerPath: join(folder, 'ledger.ndjson'),
      key: 'id',
      run: 0,
      effectMs: 30,
      fail: undefined,
    },
    (message) => said.push(message),
  );
  const text = JSON.stringify({ id: 'A-1' });
  const taken = consumer.take({ kind: 'deliver', line: 1, text, stall: false });
  const inProgress = { environment: 'test', status: 'in_progress', limit: 10 } as const;
  await expect.poll(async () => (await store.list(inProgress)).records.length).toBe(2);

  await consumer.close();
  expect((await store.list(inProgress)).records).toEqual([]);
  await taken;
  expect(said.at(-1)).toEqual({ kind: 'settled', line: 1, end: { kind: 'executed' } });
});
