import { newClaim } from '@twiceproof/testing';
import type { Pool } from 'pg';
import type { PostgresStoreOptions } from '../src/options.ts';
import { done } from './claims.ts';
import type { TestDatabase, TestStore } from './databases.ts';

/** A store of the same table whose statements are counted from now on; it has executed once. */
export async function counted(
  database: TestDatabase,
  { sibling }: TestStore,
  options: Partial<PostgresStoreOptions> = {},
) {
  const pool = (await database.client()) as Pool;
  let count = 0;
  const client = {
    query: (text: string, params?: unknown[]) => pool.query(text, params),
    async connect() {
      const connection = await pool.connect();
      return {
        query: (text: string, params?: unknown[]) => {
          count += 1;
          return connection.query(text, params);
        },
        release: connection.release.bind(connection),
        on: () => {},
        removeListener: () => {},
      };
    },
  };
  const store = await sibling({ ...options, client });
  const claim = newClaim();
  await store.acquire(claim);
  await store.complete(claim.id, claim.token, done);
  return {
    store,
    async statementsOf(act: () => Promise<unknown>): Promise<number> {
      count = 0;
      await act();
      return count;
    },
  };
}
