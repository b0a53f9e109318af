import { expect, test } from 'vitest';
import { memoryStore } from './index.ts';

const claim = (id: string) => ({
  id,
  environment: 'test',
  operation: 'pay',
  run: 0,
  token: id,
  leaseMs: 60_000,
  retentionMs: 60_000,
  abandoned: 'hold' as const,
  formatVersion: 1,
});

test('the newest records come first, over all pages, and what comes meanwhile is on none of them', async () => {
  const store = memoryStore();
  for (const id of ['a', 'b', 'c', 'd', 'e']) await store.acquire(claim(id));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ limit: 2, ...(cursor !== undefined && { cursor }) });
    seen.push(...page.records.map(({ id }) => id));
    cursor = page.cursor;
    await store.acquire(claim(`later ${seen.length}`));
  } while (cursor !== undefined);
  expect(seen).toEqual(['e', 'd', 'c', 'b', 'a']);
});
