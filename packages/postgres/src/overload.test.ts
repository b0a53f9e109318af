import { setTimeout as sleep } from 'node:timers/promises';
import { createIdempotency, isIdempotencyError } from '@twiceproof/core';
import { newClaim, rivalOf } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { describe, expect, test } from 'vitest';
import { done } from '../test/claims.ts';
import { newStore, type TestDatabase, type TestStore, useDatabases } from '../test/databases.ts';
import type { PgliteClient } from './client.ts';

const { all, postgres18 } = useDatabases();

/** Holds up every statement on the table, until it is told to stop. */
async function block(database: TestDatabase, { client, table }: TestStore) {
  const { promise: until, resolve: stop } = Promise.withResolvers<void>();
  if (database.name === 'PGlite') {
    const over = (client as PgliteClient).transaction(async (tx) => {
      await tx.query(`LOCK TABLE ${table}`);
      await until;
    });
    return () => {
      stop();
      return over;
    };
  }
  const connection = await (client as Pool).connect();
  await connection.query('BEGIN');
  await connection.query(`LOCK TABLE ${table}`);
  return async () => {
    await connection.query('COMMIT');
    connection.release();
  };
}

for (const database of all) {
  describe(`more than ${database.name} can answer`, () => {
    test('of the claims that were given up while they waited, none is made', async () => {
      const made = await newStore(database, { timeout: '60s' });
      const { rows, table } = made;
      const store = await made.sibling();
      await store.acquire(newClaim());
      const unblock = await block(database, made);
      const controller = new AbortController();
      const { signal } = controller;
      const claims = Array.from({ length: 5_000 }, () => store.acquire(newClaim(), { signal }));
      const ended = Promise.allSettled(claims);
      await sleep(50);
      controller.abort();
      const live = newClaim();
      const wanted = store.acquire(live);
      await unblock();
      expect((await wanted).status).toBe('acquired');
      await ended;
      const [{ count }] = (await rows(`SELECT count(*) FROM ${table}`)) as [{ count: unknown }];
      // What was under way already, and could not be called back.
      expect(Number(count)).toBeLessThanOrEqual(2 + 3 * 128);
    });

    test('a claim that core gave up while it waited is not made either', async () => {
      const made = await newStore(database, { timeout: '60s' });
      const { rows, table } = made;
      const store = await made.sibling();
      await store.acquire(newClaim());
      const idempotency = createIdempotency({ environment: 'test', store, storeTimeout: '200ms' });
      const unblock = await block(database, made);
      const calls = Array.from({ length: 1_000 }, (_, key) =>
        idempotency.execute({ operation: 'work', key }, () => 'done'),
      );
      for (const { status } of await Promise.allSettled(calls)) expect(status).toBe('rejected');
      await unblock();
      await store.acquire(newClaim());
      const [{ count }] = (await rows(`SELECT count(*) FROM ${table}`)) as [{ count: unknown }];
      expect(Number(count)).toBeLessThanOrEqual(2 + 3 * 128);
    });
  });
}

test('a line that is full refuses claims with a coded error, and goes on serving the others', async () => {
  const made = await newStore(postgres18, { timeout: '60s' });
  const store = await made.sibling();
  const mine = newClaim();
  await store.acquire(mine);
  const unblock = await block(postgres18, made);
  const claims = Array.from({ length: 101_000 }, () =>
    store.acquire(newClaim()).then(
      ({ status }) => status,
      (error) => (isIdempotencyError(error, 'STORE_UNAVAILABLE') ? 'refused' : String(error)),
    ),
  );
  const settled = store.complete(mine.id, mine.token, done);
  await unblock();
  expect((await settled).status).toBe('done');
  const answers = new Map<string, number>();
  for (const answer of await Promise.all(claims)) {
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  expect([...answers.keys()].toSorted()).toEqual(['acquired', 'refused']);
  expect(answers.get('refused')).toBeLessThanOrEqual(1_000);
});

test('reads of large results travel in statements of bounded size', async () => {
  const made = await newStore(postgres18);
  const claims = Array.from({ length: 64 }, () => newClaim());
  const bytes = new Uint8Array(300_000).fill(7);
  for (const { id, token } of await Promise.all(
    claims.map(async (claim) => (await made.store.acquire(claim)).record),
  )) {
    await made.store.complete(id, token, { bytes, retentionMs: 60_000 });
  }
  const pool = (await postgres18.client()) as Pool;
  let largest = 0;
  const store = await made.sibling({
    client: {
      query: (text, params) => pool.query(text, params),
      async connect() {
        const connection = await pool.connect();
        return Object.assign(Object.create(connection), {
          async query(text: string, params?: unknown[]) {
            const answer = await connection.query(text, params);
            let size = 0;
            for (const row of answer.rows) size += row.record?.length ?? 0;
            largest = Math.max(largest, size);
            return answer;
          },
          release: (destroy: boolean) => connection.release(destroy),
        });
      },
    },
  });
  const answers = await Promise.all(claims.map((claim) => store.acquire(rivalOf(claim))));
  for (const { record } of answers) expect(record.outcome?.byteLength).toBe(300_000);
  expect(largest).toBeGreaterThan(0);
  expect(largest).toBeLessThanOrEqual(1 << 20);
});
