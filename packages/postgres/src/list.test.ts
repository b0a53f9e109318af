import type { RecordQuery } from '@twiceproof/core';
import { newClaim } from '@twiceproof/testing';
import { describe, expect, test } from 'vitest';
import { newStore, type TestStore, useDatabases } from '../test/databases.ts';
import { namesOf } from './names.ts';
import { list } from './sql/list.ts';

const { postgres18, postgres15 } = useDatabases();

/** Completed records of 20 operations, a millisecond apart. */
async function insert({ rows, table }: TestStore, count: number): Promise<void> {
  await rows(
    `INSERT INTO ${table} (id, environment, operation, run, token, fence, attempt, format_version,
       created_at, started_at, lease_until, status, key_preview)
     SELECT 'test/op-' || (n % 20) || '/0/' || md5(n::text), 'test', 'op-' || (n % 20), 0, 'token',
       n, 1, 1, n, n, n, 'completed', 'key ' || n
     FROM generate_series((SELECT count(*) + 1 FROM ${table}), $1::bigint) AS n`,
    [count],
  );
  await rows(`ANALYZE ${table}`);
}

/** How many pages of the database one window of this query reads. */
async function pagesRead({ rows, schema }: TestStore, query: Partial<RecordQuery>) {
  const { text, params } = list(namesOf(schema, 'twiceproof_records'), {
    query: { limit: 100, ...query },
    paused: false,
    after: query.idPrefix === undefined ? { startedAt: 900, id: 'x' } : undefined,
    examined: 101,
    limit: 100,
  });
  const [plan] = await rows<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
    params,
  );
  const { Plan } = plan!['QUERY PLAN'][0];
  return Plan['Shared Hit Blocks']! + Plan['Shared Read Blocks']!;
}

for (const database of [postgres18, postgres15]) {
  describe(`list on ${database.name}`, () => {
    test('reads no more pages for a page of a table that is 100 times as large', async () => {
      const made = await newStore(database);
      const queries = [
        {},
        { environment: 'test' },
        { operation: 'op-7' },
        { environment: 'test', operation: 'op-7' },
        { environment: 'test', operation: 'op-7', status: 'failed' },
        { startedAfter: 100 },
        { stuck: true },
        { idPrefix: 'test/op-7/0/a' },
      ] as const;
      await insert(made, 1_000);
      const small: number[] = [];
      for (const query of queries) small.push(await pagesRead(made, query));
      await insert(made, 100_000);
      for (const [at, query] of queries.entries()) {
        const large = await pagesRead(made, query);
        // A higher index, and as many matches as a window takes, where the small table had fewer.
        const allowed = 2 * small[at]! + 8 * 101;
        expect(large, JSON.stringify({ query, small: small[at] })).toBeLessThanOrEqual(allowed);
      }
    });

    test('answers the newest first, over all operations', async () => {
      const made = await newStore(database);
      await insert(made, 500);
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await made.store.list({ environment: 'test', limit: 70, cursor });
        seen.push(...page.records.map(({ startedAt }) => startedAt));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(Array.from({ length: 500 }, (_, at) => 500 - at));
    });

    test('finds the few that match among many, page by page', async () => {
      const made = await newStore(database);
      await insert(made, 30_000);
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await made.store.list({ text: 'KEY 2999', limit: 4, cursor });
        found.push(...page.records.map(({ keyPreview }) => keyPreview!));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(found).toHaveLength(11);
      expect(found[0]).toBe('key 29999');
    });
  });
}

test('counts by operation and status', async () => {
  const made = await newStore(postgres18);
  await insert(made, 100);
  const claim = newClaim({ operation: 'op-3', environment: 'test' });
  await made.store.acquire(claim);
  const stats = await made.store.stats({ environment: 'test', limit: 1 });
  expect(stats).toHaveLength(20);
  expect(stats.find(({ operation }) => operation === 'op-3')).toMatchObject({
    operation: 'op-3',
    in_progress: 1,
    completed: 5,
    failed: 0,
  });
  const [only] = await made.store.stats({ status: 'in_progress', limit: 1 });
  expect(only).toMatchObject({ operation: 'op-3', in_progress: 1, completed: 0, failed: 0 });
});

test('a bad limit or cursor is refused', async () => {
  const { store } = await newStore(postgres18);
  const invalid = { code: 'OPTIONS_INVALID' };
  for (const limit of [0, 1_001, 1.5, Number.NaN]) {
    await expect(store.list({ limit })).rejects.toMatchObject(invalid);
  }
  for (const cursor of ['', 'x', '###', Buffer.from('["x"]').toString('base64url')]) {
    await expect(store.list({ limit: 1, cursor })).rejects.toMatchObject(invalid);
  }
});
