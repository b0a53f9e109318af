import { setTimeout as sleep } from 'node:timers/promises';
import { newClaim } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { newSchema, newStore, useDatabases } from '../test/databases.ts';
import { postgresStore } from './postgres-store.ts';

const { pglite, postgres15, postgres18 } = useDatabases();

const codes = (report: { problems: readonly { code: string }[] }) =>
  report.problems.map(({ code }) => code);

test.each([postgres18, postgres15])(
  'verify finds nothing wrong with a fresh table on $name',
  async (database) => {
    const { store, schema } = await newStore(database);
    const report = await store.verify();
    expect(report).toMatchObject({ table: `${schema}.twiceproof_records`, ok: true, problems: [] });
    expect(Math.abs(report.clockOffsetMs)).toBeLessThan(2_000);
  },
);

test('verify says that PGlite does not wait for the disk', async () => {
  const { store } = await newStore(pglite);
  expect(codes(await store.verify())).toEqual(['NOT_DURABLE']);
});

test('verify says that the table is missing', async () => {
  const client = await postgres18.client();
  const report = await postgresStore({ client, schema: newSchema() }).verify();
  expect(report.ok).toBe(false);
  expect(codes(report)).toEqual(['TABLE_MISSING']);
});

test('verify says what a session would do wrong', async () => {
  const options =
    '-c default_transaction_isolation=serializable -c default_transaction_read_only=on -c synchronous_commit=off';
  const { schema } = await newStore(postgres18);
  const client = await postgres18.client({ options });
  const report = await postgresStore({ client, schema }).verify();
  expect(codes(report)).toEqual(['ISOLATION', 'READ_ONLY', 'NOT_DURABLE']);
});

test('verify finds a missing index, an unlogged table and records that nobody sweeps', async () => {
  const { store, rows, table, schema } = await newStore(postgres18);
  await store.acquire(newClaim({ leaseMs: 1, retentionMs: 1 }));
  await sleep(20);
  await rows(`UPDATE ${table} SET sweep_at = 1, expires_at = 1`);
  await rows(`DROP INDEX "${schema}".twiceproof_records_recent`);
  await rows(`ALTER TABLE ${table} SET UNLOGGED`);
  expect(codes(await store.verify())).toEqual(['TABLE_UNLOGGED', 'INDEX_MISSING', 'NOT_SWEPT']);
  const paused = postgresStore({
    client: await postgres18.client(),
    schema,
    retirement: 'paused',
  });
  expect(codes(await paused.verify())).not.toContain('NOT_SWEPT');
});

test('verify says that the role lacks a right', async () => {
  const { schema, table, rows } = await newStore(postgres18);
  const role = `${schema}_reader`;
  await rows(`CREATE ROLE ${role} LOGIN`);
  await rows(`GRANT USAGE ON SCHEMA "${schema}" TO ${role}`);
  await rows(`GRANT SELECT ON ${table} TO ${role}`);
  const owner = (await postgres18.client()) as Pool;
  const url = new URL(owner.options.connectionString!);
  url.username = role;
  const client = await postgres18.client({ connectionString: url.href });
  expect(codes(await postgresStore({ client, schema }).verify())).toEqual(['RIGHTS_MISSING']);
  await rows(`DROP OWNED BY ${role}`);
  await rows(`DROP ROLE ${role}`);
});
