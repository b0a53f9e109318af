import { type PostgresTableOptions, postgresStore } from '@twiceproof/postgres';
import pg from 'pg';
import type { ConnectedStore } from './connected-store.ts';
import { tableNames } from './store-address.ts';

/** Connects to the database that the parent process serves. */
export function connectPglite(url: string): ConnectedStore {
  return connect(url, {});
}

export function connectPostgres(url: string): ConnectedStore {
  return connect(url, { table: tableNames.postgres });
}

function connect(url: string, options: PostgresTableOptions): ConnectedStore {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // Without a listener the end of an idle connection would end the process; a query says it better.
  pool.on('error', () => {});
  return {
    store: postgresStore({ client: pool, ...options }),
    close: () => pool.end(),
  };
}
