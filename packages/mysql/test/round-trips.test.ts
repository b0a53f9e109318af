import type { Claim } from '@twiceproof/core';
import { newClaim, rivalOf } from '@twiceproof/testing';
import type { PoolConnection } from 'mysql2/promise';
import { expect, test } from 'vitest';
import type { MysqlClient } from '../src/client.ts';
import { mysqlStore } from '../src/index.ts';
import { keyOf } from '../src/rows.ts';
import { done } from './endings.ts';
import { endPools, newPool, newStore, type TestStore } from './new-store.ts';

endPools();

/** What a store of the same table asks of its server from now on. */
async function counted(table: string) {
  const pool = newPool();
  let statements = 0;
  const client: MysqlClient = {
    async getConnection() {
      const connection = await pool.getConnection();
      return {
        execute(statement) {
          statements++;
          return connection.execute(statement as never);
        },
        query(statement) {
          statements++;
          return connection.query(statement);
        },
        release: () => connection.release(),
        destroy: () => connection.destroy(),
      };
    },
  };
  const store = mysqlStore({ client, table });
  // The first claim sweeps; there is nothing to sweep for a while after it.
  await store.acquire(newClaim());
  await store.close();
  return {
    store,
    async statementsOf(act: () => Promise<unknown>): Promise<number> {
      statements = 0;
      await act();
      return statements;
    },
  };
}

async function spoil({ client, table }: TestStore, text: string, { id }: Claim): Promise<void> {
  await client.query(`UPDATE ${table} SET record = ? WHERE id = ?`, [text, keyOf(id)]);
}

/** Somebody else's transaction that holds the record until it commits. */
async function lock({ client, table }: TestStore, { id }: Claim): Promise<PoolConnection> {
  const holder = await client.getConnection();
  // Of the record alone, and not of what could come before it in the index.
  await holder.query('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
  await holder.query('START TRANSACTION');
  await holder.query(`SELECT 1 FROM ${table} WHERE id = ? FOR UPDATE`, [keyOf(id)]);
  return holder;
}

test('a claim is a read and a write, and so is a settlement; a replay or a conflict is one read', async () => {
  const { table } = await newStore();
  const { store, statementsOf } = await counted(table);
  const claim = newClaim();
  expect(await statementsOf(() => store.acquire(claim))).toBe(2);
  expect(await statementsOf(() => store.acquire(rivalOf(claim)))).toBe(1);
  expect(await statementsOf(() => store.renew(claim.id, claim.token, 60_000))).toBe(2);
  expect(await statementsOf(() => store.complete(claim.id, claim.token, done))).toBe(2);
  expect(await statementsOf(() => store.acquire(rivalOf(claim)))).toBe(1);
});

test('of 64 claims, a locked, an oversized, a corrupt and a mistyped one keep none of the others waiting', async () => {
  const made = await newStore();
  const { store, statementsOf } = await counted(made.table);
  const good = Array.from({ length: 60 }, () => newClaim());
  const [locked, corrupt, mistyped] = [newClaim({ leaseMs: 1 }), newClaim(), newClaim()];
  const oversized = newClaim({ id: `test/charge/0/${'x'.repeat(3_000)}` });
  for (const claim of [locked, corrupt, mistyped]) await made.store.acquire(claim);
  await spoil(made, 'nonsense', corrupt);
  await spoil(made, '{"id":1}', mistyped);
  const holder = await lock(made, locked);
  try {
    let waiting: Promise<unknown> | undefined;
    const again = (claim: Claim) => store.acquire(rivalOf(claim, { leaseMs: 60_000 }));
    const asked = await statementsOf(async () => {
      waiting = again(locked);
      const others = [oversized, corrupt, mistyped, ...good].map(again);
      const [large, unreadable, wrong, ...granted] = await Promise.allSettled(others);
      expect(large).toMatchObject({ reason: { code: 'OPTIONS_INVALID' } });
      for (const damaged of [unreadable, wrong])
        expect(damaged).toMatchObject({ reason: { code: 'RECORD_CORRUPT' } });
      for (const answer of granted) expect(answer).toMatchObject({ value: { status: 'acquired' } });
      // Nothing else unlocks it: had the others waited for it, they would not have been answered.
      await holder.query('COMMIT');
      expect(await waiting).toMatchObject({ status: 'acquired' });
    });
    // Two each for those that are granted, a read for the two that cannot be read, and for the locked one, which
    // takes the place of another, three more.
    expect(asked).toBe(2 * 61 + 2 + 3);
    const replayed = await statementsOf(async () => {
      const found = await Promise.all(good.map((claim) => store.acquire(rivalOf(claim))));
      for (const { status } of found) expect(status).toBe('existing');
    });
    expect(replayed).toBe(60);
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }
});

test('of 64 settlements, a locked, an oversized, a corrupt and a mistyped one keep none of the others waiting', async () => {
  const made = await newStore();
  const { store, statementsOf } = await counted(made.table);
  const claims = Array.from({ length: 64 }, () => newClaim());
  for (const claim of claims) await made.store.acquire(claim);
  const [locked, oversized, corrupt, mistyped] = claims as [Claim, Claim, Claim, Claim];
  await spoil(made, 'nonsense', corrupt);
  await spoil(made, '{"id":1}', mistyped);
  const holder = await lock(made, locked);
  try {
    let waiting: Promise<unknown> | undefined;
    const asked = await statementsOf(async () => {
      const [slow, ...others] = claims.map(({ id, token }) => {
        const bytes =
          id === oversized.id ? new Uint8Array(store.limits.maxRecordBytes) : done.bytes;
        return store.complete(id, token, { ...done, bytes });
      });
      waiting = slow;
      const [large, unreadable, wrong, ...good] = await Promise.allSettled(others);
      expect(large).toMatchObject({ value: { status: 'too_large' } });
      for (const damaged of [unreadable, wrong])
        expect(damaged).toMatchObject({ reason: { code: 'RECORD_CORRUPT' } });
      expect(good).toHaveLength(60);
      for (const answer of good) expect(answer).toMatchObject({ value: { status: 'done' } });
    });
    // Two each for those that are settled, the locked one among them, and a read for the three others.
    expect(asked).toBe(2 * 61 + 3);
    // Nothing else unlocks it: had the others waited for it, they would not have been answered.
    await holder.query('COMMIT');
    expect(await waiting).toMatchObject({ status: 'done' });
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }
});
