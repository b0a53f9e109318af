import { startPostgres } from '@twiceproof/engines';
import { postgresStore } from '@twiceproof/postgres';
import { Pool } from 'pg';
import { chargeWith } from '../layers/charge.ts';
import { dbosOn } from '../layers/dbos.ts';
import { postgresByRow } from '../layers/postgres-by-hand.ts';
import { postgresInBatches } from '../layers/postgres-in-batches.ts';
import type { Setting } from '../measuring/benchmark.ts';
import type { Comparison } from '../measuring/comparison.ts';
import { versionOf } from '../measuring/version-of.ts';
import { type ChargeContender, chargeComparisons } from './charge-comparisons.ts';

const schema = 'twiceproof_bench';
const table = `${schema}.by_hand`;
const schemaOfDbos = 'twiceproof_bench_dbos';

/** Twiceproof against one statement for each row, against batches written by hand, and against DBOS. */
export async function* postgres({ cleanUp, uses }: Setting): AsyncIterable<Comparison> {
  const engine = await startPostgres();
  cleanUp.defer(() => engine.stop());
  const connect = (): Pool => {
    const pool = new Pool({ connectionString: engine.url, max: 10 });
    // The server ends connections that the pool still closes.
    pool.on('error', () => {});
    cleanUp.defer(() => pool.end());
    return pool;
  };
  const admin = connect();
  const dropAll = async () => {
    for (const each of [schema, schemaOfDbos])
      await admin.query(`DROP SCHEMA IF EXISTS ${each} CASCADE`);
  };
  cleanUp.defer(dropAll);
  const { rows } = await admin.query<{ version: string }>(
    `SELECT current_setting('server_version') AS version`,
  );
  uses('Postgres', rows[0]!.version);
  for (const name of ['pg', '@dbos-inc/dbos-sdk']) uses(name, versionOf(name));

  const store = postgresStore({ client: connect(), schema });
  cleanUp.defer(() => store.close());
  await store.setup();
  await admin.query(`CREATE TABLE ${table} (id text PRIMARY KEY, result text)`);
  const chargeWithDbos = await dbosOn({ url: engine.url, schema: schemaOfDbos }, cleanUp);
  const [byRow, inBatches] = [connect(), connect()];

  const contenders: ChargeContender[] = [
    {
      name: 'batches by hand',
      role: 'floor',
      charge: (key) => postgresInBatches(inBatches, table, key),
    },
    { name: 'row by row', role: 'floor', charge: (key) => postgresByRow(byRow, table, key) },
    { name: 'Twiceproof', role: 'ours', charge: (key) => chargeWith({ key, store }) },
    { name: 'DBOS', role: 'peer', charge: chargeWithDbos },
  ];
  yield* chargeComparisons(contenders);
}
