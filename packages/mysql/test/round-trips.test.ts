import type { Claim } from '@twiceproof/core';
import { newClaim, rivalOf } from '@twiceproof/testing';
import { expect, test } from 'vitest';
import type { MysqlClient } from '../src/client.ts';
import { mysqlStore } from '../src/index.ts';
import { done } from './endings.ts';
import { endPools, newPool, newStore } from './new-store.ts';

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

test('of 64 settlements, a locked, an oversized, a corrupt and a mistyped one keep none of the others waiting', async () => {
  const made = await newStore();
  const { store, statementsOf } = await counted(made.table);
  const claims = Array.from({ length: 64 }, () => newClaim());
  for (const claim of claims) await made.store.acquire(claim);
  const [locked, oversized, corrupt, mistyped] = claims as [Claim, Claim, Claim, Claim];
  const spoil = (text: string, { id }: Claim) =>
    made.client.query(`UPDATE ${made.table} SET record = ? WHERE id = ?`, [
      text,
      Buffer.from(JSON.stringify(id)),
    ]);
  await spoil('nonsense', corrupt);
  await spoil('{"id":1}', mistyped);
  const holder = await made.client.getConnection();
  try {
    await holder.query('START TRANSACTION');
    await holder.query(`SELECT 1 FROM ${made.table} WHERE id = ? FOR UPDATE`, [
      Buffer.from(JSON.stringify(locked.id)),
    ]);
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
