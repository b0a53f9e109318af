import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { Pool, type PoolConfig } from 'pg';
import { afterAll, inject } from 'vitest';
import { type PostgresClient, type PostgresStore, postgresStore } from '../src/index.ts';
import type { PostgresStoreOptions } from '../src/options.ts';

/** A database under test. What is taken from it lasts until the end of the test file. */
export interface TestDatabase {
  readonly name: string;
  /** Another client of the same database: for PGlite the same instance. */
  client(config?: PoolConfig): Promise<PostgresClient>;
}

/** A store on a table of its own. */
export interface TestStore {
  readonly store: PostgresStore;
  readonly client: PostgresClient;
  readonly schema: string;
  /** Qualified and quoted. */
  readonly table: string;
  rows<Row = Record<string, unknown>>(text: string, params?: unknown[]): Promise<Row[]>;
  /** As another process would have it: with a client of its own. */
  sibling(options?: Partial<PostgresStoreOptions>): Promise<PostgresStore>;
}

const closing: (() => Promise<unknown>)[] = [];
let pglite: Promise<PGlite> | undefined;

/** To be called at the top of a test file. */
export function useDatabases(): {
  readonly pglite: TestDatabase;
  readonly postgres18: TestDatabase;
  readonly postgres15: TestDatabase;
  readonly all: readonly TestDatabase[];
} {
  afterAll(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    pglite = undefined;
  });
  const server = (name: 'postgres18' | 'postgres15'): TestDatabase => ({
    name: name === 'postgres18' ? 'Postgres 18' : 'Postgres 15',
    client: async (config) => newPool({ connectionString: inject(name), ...config }),
  });
  const embedded: TestDatabase = {
    name: 'PGlite',
    client() {
      pglite ??= openPglite();
      return pglite;
    },
  };
  const postgres18 = server('postgres18');
  const postgres15 = server('postgres15');
  return { pglite: embedded, postgres18, postgres15, all: [embedded, postgres18, postgres15] };
}

async function openPglite(): Promise<PGlite> {
  const loadDataDir = new Blob([await readFile(inject('newPglite'))]);
  const opened = await PGlite.create({ loadDataDir });
  closing.push(() => opened.close());
  return opened;
}

export function newPool(config: PoolConfig): Pool {
  const pool = new Pool(config);
  // Without a listener, an idle connection that ends would end the process.
  pool.on('error', () => {});
  closing.push(() => pool.end());
  return pool;
}

export async function newStore(
  database: TestDatabase,
  { config, ...options }: Partial<PostgresStoreOptions> & { config?: PoolConfig } = {},
): Promise<TestStore> {
  const { client = await database.client(config), schema = newSchema() } = options;
  const store = postgresStore({ ...options, client, schema });
  closing.push(() => store.close());
  await store.setup();
  return {
    store,
    client,
    schema,
    table: `"${schema}".twiceproof_records`,
    rows: async <Row>(text: string, params?: unknown[]) =>
      (await client.query(text, params)).rows as Row[],
    async sibling(others = {}) {
      const another = await database.client(config);
      const sibling = postgresStore({ ...options, client: another, schema, ...others });
      closing.push(() => sibling.close());
      return sibling;
    },
  };
}

export function newSchema(): string {
  return `test_${randomBytes(6).toString('hex')}`;
}
