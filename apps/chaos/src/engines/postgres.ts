import { startPostgres, startProxy } from '@twiceproof/engines';
import { postgresStore } from '@twiceproof/postgres';
import { Pool } from 'pg';
import type { Effect } from '../history/event.ts';
import { behindProxy } from './behind-proxy.ts';
import type { Target } from './target.ts';

/** Postgres with the store's tables, and with the ledger that transactions write to. */
export async function postgres(
  version: 15 | 18,
  kind: 'postgres' | 'transactional',
): Promise<Target> {
  const engine = await startPostgres({ version, own: true });
  const proxy = await startProxy({ target: engine.url });
  const served = behindProxy(engine, proxy);
  const pool = new Pool({ connectionString: engine.url });
  pool.on('error', () => {});
  await postgresStore({ client: pool }).setup();
  await pool.query('CREATE TABLE chaos_ledger (line text NOT NULL)');
  return {
    connection: { kind, url: proxy.through(engine.url) },
    ...served,
    ...(kind === 'transactional' && {
      async ledger() {
        const { rows } = await pool.query<{ line: string }>('SELECT line FROM chaos_ledger');
        return rows.map(({ line }) => JSON.parse(line) as Effect);
      },
    }),
    async stop() {
      await pool.end();
      await served.stop();
    },
  };
}
