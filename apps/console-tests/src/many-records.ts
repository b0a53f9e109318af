import { createIdempotency } from '@twiceproof/core';
import { postgresStore } from '@twiceproof/postgres';
import type { Pool } from 'pg';

/**
 * A store in a schema of its own, with records as an application would have left them over a week:
 * 20 operations, one in 500 failed, one in 5,000 stuck.
 */
export async function storeWithRecords(
  client: Pool,
  schema: string,
  count: number,
): Promise<ReturnType<typeof postgresStore>> {
  const store = postgresStore({ client, schema, timeout: '60s' });
  await store.setup();
  // The key of one that can be searched for, whose id only core can compute.
  const known = createIdempotency({ environment: 'prod', store });
  await known.execute({ operation: 'op-7', key: 'the known one' }, () => 'found');
  const build = await withoutIndexes(client, schema);
  await client.query(
    `INSERT INTO "${schema}".twiceproof_records (
       id, environment, operation, run, token, fence, attempt, format_version, created_at,
       started_at, lease_until, completed_at, expires_at, status, key_preview, input_preview,
       error_name, error_message)
     SELECT 'prod/op-' || (n % 20) || '/0/' || md5(n::text) || 'AAAAAAAAAAA', 'prod',
       'op-' || (n % 20), 0, 'token', n, 1, 1, at, at, at + 30000,
       CASE WHEN n % 5000 = 0 THEN NULL ELSE at + 120 END, at + 604800000 + 86400000,
       CASE WHEN n % 5000 = 0 THEN 'in_progress' WHEN n % 500 = 0 THEN 'failed' ELSE 'completed' END,
       'key ' || n, '{"n":' || n || '}',
       CASE WHEN n % 5000 <> 0 AND n % 500 = 0 THEN 'GatewayError' END,
       CASE WHEN n % 5000 <> 0 AND n % 500 = 0 THEN 'card declined' END
     FROM (
       SELECT n, (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 60000
         - (($1::bigint - n) * (604800000.0 / $1))::bigint AS at
       FROM generate_series(1, $1::bigint) AS n
     ) AS made`,
    [count],
  );
  await build();
  await client.query(`ANALYZE "${schema}".twiceproof_records`);
  return store;
}

/** Drops the indexes of the records; answers what builds them again, which is cheaper than filling them. */
async function withoutIndexes(client: Pool, schema: string): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string; definition: string; isKey: boolean }>(
    `SELECT relname AS name, pg_get_indexdef(oid) AS definition, indisprimary AS "isKey"
     FROM pg_index JOIN pg_class ON oid = indexrelid
     WHERE indrelid = $1::regclass`,
    [`"${schema}".twiceproof_records`],
  );
  const table = `"${schema}".twiceproof_records`;
  for (const { name, isKey } of rows) {
    const drop = isKey ? `ALTER TABLE ${table} DROP CONSTRAINT ` : `DROP INDEX "${schema}".`;
    await client.query(`${drop}"${name}"`);
  }
  return async () => {
    for (const { name, definition, isKey } of rows) {
      await client.query(definition);
      if (isKey) await client.query(`ALTER TABLE ${table} ADD PRIMARY KEY USING INDEX "${name}"`);
    }
  };
}
