import { PGlite } from '@electric-sql/pglite';
import { startPostgres } from '@idemkit/engines';
import { describeStore, type StoreHarness } from '@idemkit/testing';
import { Pool } from 'pg';
import type { PostgresClient } from './client.ts';
import { postgresStore } from './postgres-store.ts';

async function harness(
  clients: readonly [PostgresClient, PostgresClient],
  dispose: () => Promise<unknown>,
): Promise<StoreHarness> {
  // A schema of its own: the suite's harnesses of one engine must not meet.
  const schema = `conformance_${Math.random().toString(36).slice(2)}`;
  const [one, other] = clients.map((client) => postgresStore({ client, schema }));
  await one!.setup();
  return {
    stores: [one!, other!],
    async damage(id) {
      const table = `"${schema}".idemkit_records`;
      const check = 'idemkit_records_status_check';
      await clients[0].query(`ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${check}`);
      await clients[0].query(`UPDATE ${table} SET status = 'gone' WHERE id = $1`, [id]);
    },
    clientWorks: () => clients[0].query('SELECT 1'),
    async dispose() {
      await Promise.all([one!.close(), other!.close()]);
      await dispose();
    },
  };
}

describeStore('PGlite in memory', async () => {
  const client = await PGlite.create();
  return harness([client, client], () => client.close());
});

for (const version of [15, 18] as const) {
  describeStore(`Postgres ${version}`, async () => {
    const engine = await startPostgres({ version, own: true });
    const pools = [0, 1].map(() => new Pool({ connectionString: engine.url })) as [Pool, Pool];
    // The engine may end connections that the pools are still closing.
    for (const pool of pools) pool.on('error', () => {});
    return harness(pools, async () => {
      await Promise.all(pools.map((pool) => pool.end()));
      await engine.stop();
    });
  });
}
