import { newClaim } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { describe, expect, test } from 'vitest';
import { transactional } from '../src/transactional.ts';
import { done, failure, newToken } from './claims.ts';
import { newStore, type TestDatabase, useDatabases } from './databases.ts';

const { postgres15, postgres18 } = useDatabases();
const max = 5;

/** How each connection of a pool is left, and given back. */
const left = {
  'leads to what is a replica now': 'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY',
  'is in a transaction that failed': 'BEGIN; SELECT 1 / 0',
  'is in a transaction that nobody ends': 'BEGIN; SELECT 1',
};

async function spoil(pool: Pool, statement: string): Promise<void> {
  const connections = await Promise.all(Array.from({ length: max }, () => pool.connect()));
  for (const connection of connections) await connection.query(statement).catch(() => {});
  for (const connection of connections) connection.release();
}

/** A store whose connections are all spoilt before each request, and one of somebody else. */
async function spoilt(database: TestDatabase, statement: string) {
  const made = await newStore(database);
  const client = (await database.client({ max })) as Pool;
  const store = await made.sibling({ client });
  const inTransaction = transactional({ client, schema: made.schema }).store;
  const claim = async () => {
    const claimed = newClaim();
    await made.store.acquire(claimed);
    return claimed;
  };
  return { store, inTransaction, claim, direct: made.store, spoil: () => spoil(client, statement) };
}

for (const database of [postgres18, postgres15]) {
  for (const [what, statement] of Object.entries(left)) {
    describe(`where every connection of ${database.name} ${what}`, () => {
      test('a claim is made by another one, and is there for everybody', async () => {
        const { store, direct, spoil } = await spoilt(database, statement);
        await spoil();
        const claim = newClaim();
        expect((await store.acquire(claim)).status).toBe('acquired');
        expect((await direct.get(claim.id))?.token).toBe(claim.token);
      });

      test('a completion, a release and a renewal are', async () => {
        const { store, claim, direct, spoil } = await spoilt(database, statement);
        const [completed, released, renewed] = [await claim(), await claim(), await claim()];
        await spoil();
        expect((await store.complete(completed.id, completed.token, done)).status).toBe('done');
        await spoil();
        expect((await store.release(released.id, released.token, failure)).status).toBe('done');
        await spoil();
        const lease = await store.renew(renewed.id, renewed.token, 90_000);
        expect(lease!.remainingMs).toBeGreaterThan(80_000);
        const statuses = [completed, released, renewed].map(({ id }) => direct.get(id));
        expect((await Promise.all(statuses)).map((record) => record?.status)).toEqual([
          'completed',
          'failed',
          'in_progress',
        ]);
      });

      test('what an operator does is', async () => {
        const { store, claim, direct, spoil } = await spoilt(database, statement);
        const { id, token } = await claim();
        await direct.complete(id, token, done);
        await spoil();
        expect((await store.extend(id, null))?.expiresAt).toBe(undefined);
        await spoil();
        expect(await store.delete(id)).toBe(true);
        await spoil();
        await store.setup();
        await spoil();
        expect(await store.sweep()).toEqual({ deleted: 0, paused: false });
        expect(await direct.get(id)).toBe(undefined);
      });

      test('a transactional execution is', async () => {
        const { inTransaction, direct, spoil } = await spoilt(database, statement);
        const claim = newClaim({ token: newToken() });
        await spoil();
        expect((await inTransaction.acquire(claim)).status).toBe('acquired');
        expect((await inTransaction.complete(claim.id, claim.token, done)).status).toBe('done');
        expect((await direct.get(claim.id))?.status).toBe('completed');
      });
    });
  }
}
