import { createIdempotency, type Records } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';
import type { Call } from '../command-call.ts';
import { countMatching } from './count-matching.ts';

const call = { progress: { update() {}, end() {} } } as unknown as Call<unknown>;

test('what ends between two pages of the count is none of what was counted as ended', async () => {
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  const works = new Map<string, () => void>();
  const begin = (key: string) =>
    idempotency.execute({ operation: 'charge', key }, () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      works.set(key, resolve);
      return promise;
    });
  const running = [begin('first'), begin('second')];
  const records: Records = {
    ...idempotency.records,
    async list(filter) {
      const page = await idempotency.records.list({ ...filter, limit: 1 });
      if (page.cursor === undefined) return page;
      // Of the newest, which is on this page, and then of the one on the next.
      for (const key of ['second', 'first']) works.get(key)!();
      await Promise.all(running);
      return page;
    },
  };
  const { count, byStanding, only } = await countMatching(records, {}, undefined, call);
  expect([count, ...byStanding]).toEqual([2, ['in_progress', 1], ['completed', 1]]);
  const meant = (await idempotency.records.list()).records.filter(only);
  expect(meant.map(({ keyPreview }) => keyPreview)).toEqual(['first']);
});
