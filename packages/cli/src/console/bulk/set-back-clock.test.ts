import type { StoredRecord } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';
import { count, done, troubles } from '../../../test/bulk-console.ts';
import { signIn } from '../../../test/console-client.ts';

test('what seems to have ended before it was started is not left out of what was counted', async () => {
  const store = memoryStore();
  const startedLater = (record: StoredRecord): StoredRecord => ({
    ...record,
    startedAt: (record.completedAt ?? record.leaseUntil) + 400,
  });
  const ahead: typeof store = {
    ...store,
    async get(...asked) {
      const record = await store.get(...asked);
      return record && startedLater(record);
    },
    async list({ startedBefore, ...query }, options) {
      const page = await store.list(query, options);
      const records = page.records.map(startedLater);
      const isAsked = (record: StoredRecord) =>
        startedBefore === undefined || record.startedAt < startedBefore;
      return { ...page, records: records.filter(isAsked) };
    },
  };
  const console_ = await troubles({ store: ahead, probe: () => ({ completed: 'found' }) });
  const client = await signIn(console_.running);
  expect((await count(client, 'reconcile', { state: 'unknown' })).states).toEqual({ unknown: 1 });
  const asked = await done(client, 'reconcile', { state: 'unknown' });
  expect(asked.job).toMatchObject({ matched: 1, verdicts: { completed: 1 } });
});
