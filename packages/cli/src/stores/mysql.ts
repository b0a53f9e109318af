import type * as Twiceproof from '@twiceproof/mysql';
import type * as Mysql from 'mysql2/promise';
import { usage } from '../failure.ts';
import { clockOffset } from './clock-offset.ts';
import { loadPackage } from './load-package.ts';
import { connectTimeoutMs, type OpenedStore, type OpenOptions } from './opened-store.ts';
import type { StoreUrl } from './store-url.ts';

const packages = ['@twiceproof/mysql', 'mysql2'];
/** The others are the driver's, such as `ssl`. */
const ours = ['table', 'retirement'];

export async function openMysql(
  url: StoreUrl,
  text: string,
  { cwd, connections }: OpenOptions,
): Promise<OpenedStore> {
  if (url.servers.length > 1) throw usage(`${url.label} names several servers; give one`);
  if (url.path === '') throw usage(`${url.label} names no database; give mysql://host/database`);
  const { mysqlStore } = await loadPackage<typeof Twiceproof>('@twiceproof/mysql', cwd, packages);
  const mysql = await loadPackage<typeof Mysql>('mysql2/promise', cwd, packages);
  const client = mysql.createPool({
    uri: driverUrl(text),
    connectionLimit: connections,
    connectTimeout: connectTimeoutMs,
  });
  const store = mysqlStore({ client, table: url.params.get('table') });
  return {
    store,
    clockOffsetMs: () =>
      clockOffset(async () => {
        const sql = `SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) DIV 1000 AS now`;
        const [rows] = await client.query(sql);
        return Number((rows as [{ now: number | string }])[0].now);
      }),
    async close() {
      await store.close();
      await client.end();
    },
  };
}

function driverUrl(text: string): string {
  const [address, query = ''] = text.split('?');
  const params = new URLSearchParams(query);
  for (const name of ours) params.delete(name);
  return params.size === 0 ? address! : `${address}?${params}`;
}
