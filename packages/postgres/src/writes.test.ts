import { newClaim, rivalOf } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { describe, expect, test } from 'vitest';
import { done, failure } from '../test/claims.ts';
import { newStore, type TestStore, useDatabases } from '../test/databases.ts';
import type { PostgresClient } from './client.ts';

const { postgres18, postgres15 } = useDatabases();

interface Updates {
  readonly updated: number;
  readonly hot: number;
}

/** What the table's statistics say, once they know of `expected` updates. */
async function updates({ rows, schema }: TestStore, expected: number): Promise<Updates> {
  for (;;) {
    const [found] = await rows<Updates>(
      `SELECT n_tup_upd::int AS updated, n_tup_hot_upd::int AS hot
       FROM pg_stat_user_tables WHERE schemaname = $1 AND relname = 'twiceproof_records'`,
      [schema],
    );
    if (found!.updated >= expected) return found!;
  }
}

for (const database of [postgres18, postgres15]) {
  describe(`writes to ${database.name}`, () => {
    test('all 3,000 completions are updates in place', async () => {
      const made = await newStore(database);
      const worker = async () => {
        for (let count = 0; count < 300; count += 1) {
          const claim = newClaim({ keyPreview: '"payment-123"' });
          await made.store.acquire(claim);
          await made.store.complete(claim.id, claim.token, done);
        }
      };
      await Promise.all(Array.from({ length: 10 }, worker));
      expect(await updates(made, 3_000)).toEqual({ updated: 3_000, hot: 3_000 });
    });

    test('so are renewals and failures', async () => {
      const made = await newStore(database);
      const claim = newClaim();
      await made.store.acquire(claim);
      await made.store.renew(claim.id, claim.token, 70_000);
      await made.store.release(claim.id, claim.token, failure);
      expect(await updates(made, 2)).toEqual({ updated: 2, hot: 2 });
    });

    test('a refused duplicate writes nothing: no version, no lock, no fence', async () => {
      const { store, sibling, rows, table, schema } = await newStore(database);
      const completed = newClaim();
      const live = newClaim();
      for (const claim of [completed, live]) await store.acquire(claim);
      await store.complete(completed.id, completed.token, done);
      const state = () =>
        rows(`SELECT id, ctid::text, xmin::text, xmax::text,
          (SELECT last_value FROM "${schema}".twiceproof_records_fence) AS fence
          FROM ${table} ORDER BY id`);
      const before = await state();
      // Both ways: a process that has never met the ids, and one that has.
      const stranger = await sibling();
      for (const one of [stranger, stranger, store]) {
        for (const claim of [completed, live]) {
          expect((await one.acquire(rivalOf(claim))).status).toBe('existing');
          const other = rivalOf(claim, { fingerprint: 'payload', abandoned: 'hold' });
          expect((await one.acquire(other)).status).toBe('existing');
        }
      }
      expect(await state()).toEqual(before);
    });
  });
}

/** Gives every statement another connection, as PgBouncer does between transactions. */
function transactionPooled(pool: Pool, statements: string[]): PostgresClient {
  return {
    query: (text, params) => pool.query(text, params),
    async connect() {
      const connections = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
      let turn = 0;
      return {
        query: (text, params) => {
          statements.push(text);
          turn += 1;
          return connections[turn % connections.length]!.query(text, params);
        },
        release: (destroy) => {
          for (const connection of connections) connection.release(destroy);
        },
        on: () => {},
        removeListener: () => {},
      };
    },
  };
}

test('works where every statement runs on another connection, and leaves no trace in any', async () => {
  const { sibling, rows } = await newStore(postgres18);
  const pool = (await postgres18.client()) as Pool;
  const statements: string[] = [];
  const client = transactionPooled(pool, statements);
  const store = await sibling({ client, notify: false });
  const claims = Array.from({ length: 20 }, () => newClaim());
  await Promise.all(claims.map((claim) => store.acquire(claim)));
  await Promise.all(claims.map((claim) => store.renew(claim.id, claim.token, 70_000)));
  await Promise.all(claims.map((claim) => store.complete(claim.id, claim.token, done)));
  for (const claim of claims) {
    expect((await store.acquire(rivalOf(claim))).record.status).toBe('completed');
  }
  expect((await store.list({ limit: 100, operation: 'work' })).records).toHaveLength(20);
  await store.extend(claims[0]!.id, null);
  expect(await store.delete(claims[0]!.id)).toBe(true);
  await store.sweep();
  expect(statements.length).toBeGreaterThan(10);
  expect(statements.join()).not.toMatch(/\b(?:LISTEN|PREPARE|SET SESSION|advisory_lock\()/i);
  const connections = await Promise.all(Array.from({ length: 5 }, () => pool.connect()));
  for (const connection of connections) {
    const { rows: settings } = await connection.query(
      `SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement,
        (SELECT count(*)::int FROM pg_prepared_statements) AS prepared`,
    );
    expect(settings).toEqual([{ lock: '0', statement: '0', prepared: 0 }]);
    connection.release();
  }
  expect(await rows('SELECT 1')).toHaveLength(1);
});
