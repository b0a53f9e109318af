import { newClaim } from '@twiceproof/testing';
import type { Pool } from 'mysql2/promise';
import { expect, test } from 'vitest';
import { done, failure } from './endings.ts';
import { endPools, newStore } from './new-store.ts';

endPools();

/** Every connection of the pool leads to a server that may only be read, as after a failover. */
async function spoil(pool: Pool, connectionLimit: number): Promise<void> {
  const all = Array.from({ length: connectionLimit }, () => pool.getConnection());
  const connections = await Promise.all(all);
  for (const connection of connections) {
    await connection.query('SET SESSION TRANSACTION READ ONLY');
  }
  for (const connection of connections) connection.release();
}

test('a claim, a settlement and a renewal are made on another connection', async () => {
  const { store: direct, sibling } = await newStore();
  const connectionLimit = 5;
  const { store, client } = sibling({ connectionLimit });
  const claim = newClaim();
  await spoil(client, connectionLimit);
  expect((await store.acquire(claim)).status).toBe('acquired');
  const [completed, released] = [newClaim(), newClaim()];
  for (const each of [completed, released]) await direct.acquire(each);
  await spoil(client, connectionLimit);
  expect(await store.renew(claim.id, claim.token, 90_000)).toEqual({ remainingMs: 90_000 });
  await spoil(client, connectionLimit);
  expect((await store.complete(completed.id, completed.token, done)).status).toBe('done');
  await spoil(client, connectionLimit);
  expect((await store.release(released.id, released.token, failure)).status).toBe('done');
  const statuses = [claim, completed, released].map(({ id }) => direct.get(id));
  expect((await Promise.all(statuses)).map((record) => record?.status)).toEqual([
    'in_progress',
    'completed',
    'failed',
  ]);
});

test('a takeover that was refused leaves no transaction behind on its connection', async () => {
  const { store: direct, sibling } = await newStore();
  const { store, client } = sibling({ connectionLimit: 1 });
  const claim = newClaim();
  await direct.acquire(claim);
  await direct.release(claim.id, claim.token, failure);
  await spoil(client, 1);
  const again = newClaim({ id: claim.id });
  expect(await store.acquire(again)).toMatchObject({ status: 'acquired', record: { attempt: 2 } });
  const [rows] = await client.query('SELECT @@in_transaction AS open');
  expect(rows).toEqual([{ open: 0 }]);
});

test('a server that stays read-only is told as one', async () => {
  const { sibling } = await newStore();
  const { store, client } = sibling({ connectionLimit: 2 });
  const pool = client.pool as unknown as { on(name: 'connection', hear: (c: Raw) => void): void };
  pool.on('connection', (connection) => connection.query('SET SESSION TRANSACTION READ ONLY'));
  await expect(store.acquire(newClaim())).rejects.toThrow('may only be read');
});

interface Raw {
  query(sql: string): void;
}
