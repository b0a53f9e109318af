import type { Store } from '@idemkit/core';
import { postgresStore } from '@idemkit/postgres';
import pg from 'pg';

/** A worker's own way to the store that all workers share. */
export interface SharedStore {
  readonly store: Store;
  close(): Promise<void>;
}

/** Connects to the database that the parent process serves on this loopback port. */
export function connectSharedStore(port: number): SharedStore {
  const pool = new pg.Pool({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    database: 'postgres',
    max: 2,
  });
  // Without a listener the end of an idle connection would end the process; a query says it better.
  pool.on('error', () => {});
  const store = postgresStore({ client: pool });
  return {
    store,
    async close() {
      await store.close?.();
      await pool.end();
    },
  };
}
