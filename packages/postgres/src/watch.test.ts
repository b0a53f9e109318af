import { newClaim } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { done } from '../test/claims.ts';
import { newStore, useDatabases } from '../test/databases.ts';
import { namesOf } from './names.ts';
import { transactional } from './transactional.ts';

const { postgres18, pglite } = useDatabases();

const idleTest = new AbortController().signal;

/** Connections of the pool that listen. */
async function listeners(pool: Pool): Promise<number> {
  const { rows } = await pool.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE application_name = $1 AND query LIKE 'LISTEN%'`,
    [pool.options.application_name],
  );
  return rows[0].count;
}

test('all watchers of a process share one connection, which close gives back', async () => {
  const application_name = `watch-${Math.random()}`;
  const { store, client } = await newStore(postgres18, { config: { application_name } });
  const pool = client as Pool;
  const claims = Array.from({ length: 20 }, () => newClaim());
  await Promise.all(claims.map((claim) => store.acquire(claim)));
  const watching = claims.map((claim) => store.watch!(claim.id, idleTest));
  while ((await listeners(pool)) !== 1);
  for (const { id, token } of claims) await store.complete(id, token, done);
  await Promise.all(watching);
  expect(await listeners(pool)).toBe(1);
  await store.close();
  expect(await listeners(pool)).toBe(0);
  expect(pool.idleCount).toBe(pool.totalCount);
});

test('a watch that begins after the settlement resolves', async () => {
  for (const database of [postgres18, pglite]) {
    const { store } = await newStore(database);
    const claim = newClaim();
    await store.acquire(claim);
    await store.complete(claim.id, claim.token, done);
    await store.watch!(claim.id, idleTest);
    await store.watch!('never claimed', idleTest);
  }
});

test('when the connection is lost every watcher wakes, and the next watch listens anew', async () => {
  const application_name = `watch-${Math.random()}`;
  const { store, client, rows } = await newStore(postgres18, { config: { application_name } });
  const claim = newClaim();
  await store.acquire(claim);
  const watching = store.watch!(claim.id, idleTest);
  while ((await listeners(client as Pool)) !== 1);
  await rows(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = $1 AND query LIKE 'LISTEN%'`,
    [application_name],
  );
  await watching;
  const again = store.watch!(claim.id, idleTest);
  while ((await listeners(client as Pool)) !== 1);
  await store.complete(claim.id, claim.token, done);
  await again;
});

test('close wakes who still watches', async () => {
  const application_name = `watch-${Math.random()}`;
  const { store, client } = await newStore(postgres18, { config: { application_name } });
  const claim = newClaim();
  await store.acquire(claim);
  const watching = store.watch!(claim.id, idleTest);
  while ((await listeners(client as Pool)) !== 1);
  await store.close();
  await watching;
  // Who goes on waiting takes no connection, for which the end of the pool would have to wait.
  await expect(store.watch!(claim.id, idleTest)).rejects.toThrow('closed');
  expect(await listeners(client as Pool)).toBe(0);
});

test('a commit of a transactional execution wakes the watchers of its record', async () => {
  const { store, client, schema } = await newStore(postgres18);
  const { store: inTransaction } = transactional({ client, schema });
  const claim = newClaim();
  await store.acquire(claim);
  const watching = store.watch!(claim.id, idleTest);
  await inTransaction.complete(claim.id, claim.token, done);
  await watching;
});

test('nobody is notified while nobody watches, in any process', async () => {
  const { store, sibling, client, schema } = await newStore(postgres18);
  const connection = await (client as Pool).connect();
  const heard: (string | undefined)[] = [];
  // What listeners ask themselves is told by its beginning.
  connection.on('notification', ({ payload }) => {
    if (!payload?.startsWith('?')) heard.push(payload);
  });
  const { channel } = namesOf(schema, 'twiceproof_records');
  await connection.query(`LISTEN ${channel}`);
  const settle = async () => {
    const claim = newClaim();
    await store.acquire(claim);
    await store.complete(claim.id, claim.token, done);
    await connection.query('SELECT 1');
    return claim.id;
  };
  await settle();
  expect(heard).toEqual([]);
  const other = await sibling();
  await other.watch!('any', idleTest);
  const id = await settle();
  while (heard.length === 0) await connection.query('SELECT 1');
  expect(heard).toEqual([id]);
  connection.release(true);
});

test('there is none without notifications, nor on a pool that cannot spare a connection', async () => {
  const { sibling, store } = await newStore(postgres18);
  expect(store.watch).toBeTypeOf('function');
  expect((await sibling({ notify: false })).watch).toBe(undefined);
  const client = await postgres18.client({ max: 1 });
  expect((await sibling({ client })).watch).toBe(undefined);
});
