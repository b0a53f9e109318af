import type { StoredRecord } from '@twiceproof/core';
import { newClaim } from '@twiceproof/testing';
import { expect, test } from 'vitest';
import { newStore, useDatabases } from '../test/databases.ts';

const databases = useDatabases().all;

// What is written here stays readable for ever: a change is a new migration, and a new `RECORD_FORMAT`.
const columns = {
  id: 'text',
  environment: 'text',
  operation: 'text',
  scope: 'text',
  token: 'text',
  fingerprint: 'text',
  workflow: 'text',
  input_digest: 'text',
  key_preview: 'text',
  input_preview: 'text',
  run: 'bigint',
  fence: 'bigint',
  created_at: 'bigint',
  started_at: 'bigint',
  sweep_at: 'bigint',
  copy_until: 'bigint',
  attempt: 'integer',
  format_version: 'integer',
  lease_until: 'bigint',
  completed_at: 'bigint',
  expires_at: 'bigint',
  status: 'text',
  traceparent: 'text',
  error_name: 'text',
  error_message: 'text',
  settled_by: 'text',
  settled_reason: 'text',
  outcome: 'bytea',
};

const golden = {
  id: 'prod/charge/2/x',
  environment: 'prod',
  operation: 'charge',
  scope: 'tenant',
  token: 'AAAAAAAAAAAAAAAAAAAAAA',
  fingerprint: 'f',
  workflow: 'prod/order/0/y',
  input_digest: 'digest',
  key_preview: '"payment-1"',
  input_preview: '{"a":"é"}',
  run: 2,
  fence: 17,
  created_at: 1_800_000_000_000,
  started_at: 1_800_000_010_000,
  sweep_at: 4_000_000_000_000,
  copy_until: null,
  attempt: 3,
  format_version: 1,
  lease_until: 1_800_000_040_000,
  completed_at: 1_800_000_011_000,
  expires_at: 4_000_000_000_000,
  status: 'completed',
  traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
  error_name: 'Error',
  error_message: 'declined',
  settled_by: 'ada',
  settled_reason: 'seen at the bank',
  outcome: '\\x010203',
};

const record: StoredRecord = {
  id: 'prod/charge/2/x',
  environment: 'prod',
  operation: 'charge',
  run: 2,
  scope: 'tenant',
  status: 'completed',
  token: 'AAAAAAAAAAAAAAAAAAAAAA',
  fence: 17,
  attempt: 3,
  fingerprint: 'f',
  workflow: 'prod/order/0/y',
  inputDigest: 'digest',
  createdAt: 1_800_000_000_000,
  startedAt: 1_800_000_010_000,
  leaseUntil: 1_800_000_040_000,
  completedAt: 1_800_000_011_000,
  expiresAt: 4_000_000_000_000,
  keyPreview: '"payment-1"',
  inputPreview: '{"a":"é"}',
  outcome: Buffer.from([1, 2, 3]),
  outcomeBytes: 3,
  lastError: { name: 'Error', message: 'declined' },
  settledBy: { by: 'ada', reason: 'seen at the bank' },
  traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
  formatVersion: 1,
};

test.each(databases)('the table of $name has the columns it always had', async (database) => {
  const { rows, schema } = await newStore(database);
  const found = await rows<{ column_name: string; data_type: string }>(
    `SELECT column_name, data_type FROM information_schema.columns
     WHERE table_schema = $1 AND table_name = 'twiceproof_records' ORDER BY ordinal_position`,
    [schema],
  );
  const types = found.map(({ column_name, data_type }) => [column_name, data_type]);
  expect(Object.fromEntries(types)).toEqual(columns);
});

test.each(databases)('a row of $name is read as it always was', async (database) => {
  const { store, rows, table } = await newStore(database);
  const names = Object.keys(golden);
  // As text, which PGlite takes for bytes, too.
  const values = names.map((name, at) => `$${at + 1}${name === 'outcome' ? '::text::bytea' : ''}`);
  await rows(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${values.join(', ')})`,
    Object.values(golden),
  );
  expect(await store.get(record.id)).toEqual(record);
  const { status, record: met } = await store.acquire(newClaim({ id: record.id }));
  expect(status).toBe('existing');
  expect(met).toEqual(record);
});

test.each(databases)('a record is written to $name as it always was', async (database) => {
  const { store, rows, table } = await newStore(database);
  const { id, environment, operation, run, scope, token, fingerprint, workflow } = record;
  const { inputDigest, keyPreview, inputPreview, lastError, settledBy, traceparent } = record;
  const claim = newClaim({
    ...{ id, environment, operation, run, scope, token, fingerprint, workflow },
    ...{ inputDigest, keyPreview, inputPreview, retentionMs: null },
  });
  await store.acquire(claim);
  const bytes = record.outcome!;
  const retentionMs = null;
  await store.complete(id, token, { bytes, retentionMs, lastError, settledBy, traceparent });
  const [row] = await rows(
    `SELECT held.*, outcome::text AS outcome, run::int AS run FROM ${table} AS held`,
  );
  const times = ['created_at', 'started_at', 'lease_until', 'completed_at'];
  for (const name of times) expect(Number(row![name]), name).toBeGreaterThan(1_700_000_000_000);
  expect(Number(row!.fence)).toBeGreaterThan(0);
  const written = { ...golden, attempt: 1, expires_at: null, sweep_at: null };
  for (const [name, value] of Object.entries(written)) {
    if (!times.includes(name) && name !== 'fence') expect(row![name], name).toEqual(value);
  }
});
