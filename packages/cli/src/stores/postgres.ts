import type * as Twiceproof from '@twiceproof/postgres';
import type * as Pg from 'pg';
import { usage } from '../failure.ts';
import { loadPackage } from './load-package.ts';
import {
  connectTimeoutMs,
  type OpenedStore,
  type OpenOptions,
  requestTimeoutMs,
} from './opened-store.ts';
import type { StoreUrl } from './store-url.ts';

const packages = ['@twiceproof/postgres', 'pg'];
/** The others are the driver's, such as `sslmode`. */
const ours = ['schema', 'table', 'retirement'];

export async function openPostgres(
  url: StoreUrl,
  text: string,
  { cwd, connections }: OpenOptions,
): Promise<OpenedStore> {
  if (url.servers.length > 1) throw usage(`${url.label} names several servers; give one`);
  const { postgresStore } = await loadPackage<typeof Twiceproof>(
    '@twiceproof/postgres',
    cwd,
    packages,
  );
  const pg = await loadPackage<typeof Pg & { default?: typeof Pg }>('pg', cwd, packages);
  const { Pool } = pg.default ?? pg;
  const client = new Pool({
    connectionString: driverUrl(text),
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'twiceproof',
  });
  // Without a listener, an idle connection that ends would end the process.
  client.on('error', () => {});
  const store = postgresStore({ ...tableOf(url), client, timeout: requestTimeoutMs });
  return {
    store,
    async close() {
      await store.close();
      await client.end();
    },
  };
}

/** What creates the table, for those who may not do so from here. */
export async function postgresSetupSql(url: StoreUrl, cwd: string): Promise<string> {
  const { setupSql } = await loadPackage<typeof Twiceproof>('@twiceproof/postgres', cwd, packages);
  const { schema, table } = tableOf(url);
  return setupSql({ schema, table });
}

function tableOf({ params }: StoreUrl) {
  const retirement = params.get('retirement') as 'on' | 'paused' | undefined;
  return { schema: params.get('schema'), table: params.get('table'), retirement };
}

function driverUrl(text: string): string {
  const [address, query = ''] = text.split('?');
  const params = new URLSearchParams(query);
  for (const name of ours) params.delete(name);
  return params.size === 0 ? address! : `${address}?${params}`;
}
