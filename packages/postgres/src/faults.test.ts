import { createIdempotency } from '@twiceproof/core';
import { newClaim } from '@twiceproof/testing';
import { Client, Pool } from 'pg';
import { describe, expect, inject, test } from 'vitest';
import { newPool, newSchema, newStore, useDatabases } from '../test/databases.ts';
import { postgresStore } from './postgres-store.ts';

const { postgres18, pglite } = useDatabases();

/** The server's URL with another part. */
function urlOf(part: Partial<URL>): string {
  return Object.assign(new URL(inject('postgres18')), part).href;
}

/** How a claim fails on this pool. */
async function claimError(config: object, schema = newSchema()): Promise<Error> {
  const client = newPool({ connectionString: inject('postgres18'), ...config });
  const store = postgresStore({ client, schema, timeout: '1s' });
  return store.acquire(newClaim()).then(
    () => expect.unreachable('the claim should have failed'),
    (error) => error,
  );
}

describe('what cannot be cured by trying again is refused at once, and says what to do', () => {
  test('a stricter default isolation level', async () => {
    const { schema, rows, table } = await newStore(postgres18);
    for (const level of ['serializable', 'repeatable read']) {
      const options = `-c default_transaction_isolation=${level.replace(' ', '\\ ')}`;
      const error = await claimError({ options }, schema);
      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(error.message).toContain(`run at ${level}`);
      expect(error.message).toContain('default_transaction_isolation');
    }
    expect(await rows(`SELECT id FROM ${table}`)).toEqual([]);
  });

  test('a stricter default isolation level of PGlite, which works once it is corrected', async () => {
    const { store, rows } = await newStore(pglite);
    await rows("SET default_transaction_isolation = 'serializable'");
    await expect(store.acquire(newClaim())).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await rows('RESET default_transaction_isolation');
    expect((await store.acquire(newClaim())).status).toBe('acquired');
  });

  test('a role that does not exist', async () => {
    const error = await claimError({ connectionString: urlOf({ username: 'nobody_here' }) });
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(error.message).toMatch(/check user, password/);
  });

  test('a database that does not exist', async () => {
    const error = await claimError({ connectionString: urlOf({ pathname: '/nowhere' }) });
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(error.message).toMatch(/database does not exist/);
  });

  test('a right that is missing', async () => {
    const { schema, rows } = await newStore(postgres18);
    await rows(`CREATE ROLE ${schema}_guest`);
    await rows(`GRANT USAGE ON SCHEMA ${schema} TO ${schema}_guest`);
    const error = await claimError({ options: `-c role=${schema}_guest` }, schema);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(error.message).toMatch(/grant it/);
  });

  test('a single connection instead of a pool', async () => {
    const client = new Client({ connectionString: inject('postgres18') });
    const store = postgresStore({ client: client as never, schema: newSchema() });
    await expect(store.acquire(newClaim())).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
    await client.end();
  });
});

describe('what may pass is an ordinary error, which core answers by trying again', () => {
  test('a server that cannot be reached', async () => {
    const error = await claimError({
      connectionString: 'postgres://postgres@127.0.0.1:1/postgres',
    });
    expect(error).not.toHaveProperty('code');
    expect(error.message).toMatch(/cannot be reached/);
  });

  test('a server that may only be read, on every connection', async () => {
    const { schema } = await newStore(postgres18);
    const error = await claimError({ options: '-c default_transaction_read_only=on' }, schema);
    expect(error).not.toHaveProperty('code');
    expect(error.message).toMatch(/read-only.*primary/);
  });

  test('a server without a free connection', async () => {
    const { rows, schema } = await newStore(postgres18);
    await rows(`CREATE ROLE ${schema}_one LOGIN CONNECTION LIMIT 0`);
    const error = await claimError({ connectionString: urlOf({ username: `${schema}_one` }) });
    expect(error.message).toMatch(/no connection left/);
  });

  test('a pool without a free connection', async () => {
    const pool = newPool({ connectionString: inject('postgres18'), max: 1 });
    const taken = await pool.connect();
    const store = postgresStore({ client: pool, schema: newSchema(), timeout: '100ms' });
    await expect(store.get('any')).rejects.toThrow(/no connection within the timeout/);
    taken.release();
    expect(pool.waitingCount).toBe(0);
  });

  test('through core, each of them is STORE_UNAVAILABLE', async () => {
    const client = newPool({ connectionString: 'postgres://postgres@127.0.0.1:1/postgres' });
    const idempotency = createIdempotency({
      environment: 'test',
      store: postgresStore({ client }),
    });
    const call = idempotency.execute({ operation: 'op', key: 1 }, () => 'never');
    await expect(call).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('cannot be reached'),
    });
  });
});

test('a pool whose bigint and bytea parsers the application replaced works all the same', async () => {
  const types = {
    getTypeParser: (oid: number) =>
      oid === 20 ? (text: string) => BigInt(text) : (text: string) => text,
  };
  const { store } = await newStore(postgres18, { config: { types } as never });
  const claim = newClaim({ run: 2 });
  const { record } = await store.acquire(claim);
  const bytes = Uint8Array.from([0, 255, 7]);
  await store.complete(claim.id, claim.token, { bytes, retentionMs: 1_000 });
  const read = await store.get(claim.id);
  expect(read).toMatchObject({ run: 2, fence: record.fence, attempt: 1 });
  expect([...read!.outcome!]).toEqual([...bytes]);
  expect((await store.list({ limit: 1 })).records).toHaveLength(1);
});

test('a row that this store never wrote is RECORD_CORRUPT', async () => {
  const { store, rows, table } = await newStore(postgres18);
  const claim = newClaim();
  await store.acquire(claim);
  await rows(`UPDATE ${table} SET fence = ${2n ** 60n} WHERE id = $1`, [claim.id]);
  const corrupt = { code: 'RECORD_CORRUPT', recordId: claim.id };
  await expect(store.get(claim.id)).rejects.toMatchObject(corrupt);
  await expect(store.acquire(newClaim({ id: claim.id }))).rejects.toMatchObject(corrupt);
  expect(await store.delete(claim.id)).toBe(true);
});

test('the pool is left open, and its connections can be used on', async () => {
  const pool = new Pool({ connectionString: inject('postgres18') });
  const { sibling } = await newStore(postgres18);
  const store = await sibling({ client: pool });
  await store.acquire(newClaim());
  await store.close();
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await pool.end();
});
