import { randomBytes } from 'node:crypto';
import { createPool, type Pool, type PoolOptions } from 'mysql2/promise';
import { afterAll, inject } from 'vitest';
import { type MysqlStore, mysqlStore } from '../src/index.ts';

/** A store on a table of its own. */
export interface TestStore {
  readonly store: MysqlStore;
  readonly client: Pool;
  readonly table: string;
  /** As another process would have it: with a client of its own. */
  sibling(options?: PoolOptions): { readonly store: MysqlStore; readonly client: Pool };
}

const pools: Pool[] = [];

/** To be called at the top of a test file. */
export function endPools(): void {
  afterAll(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
  });
}

export function newPool(options: PoolOptions = {}): Pool {
  const pool = createPool({ uri: inject('mysql'), ...options });
  pools.push(pool);
  return pool;
}

export async function newStore(options: PoolOptions = {}): Promise<TestStore> {
  const table = `records_${randomBytes(6).toString('hex')}`;
  const sibling = (more: PoolOptions = {}) => {
    const client = newPool(more);
    return { client, store: mysqlStore({ client, table }) };
  };
  const { client, store } = sibling(options);
  await store.setup();
  return { client, store, table, sibling };
}
