import { usage } from '../failure.ts';
import type { OpenedStore, OpenOptions } from './opened-store.ts';
import { parseStoreUrl, type StoreUrl } from './store-url.ts';
import { urlForms } from './url-forms.ts';

type Open = (url: StoreUrl, text: string, options: OpenOptions) => Promise<OpenedStore>;

const postgres = async (): Promise<Open> => (await import('./postgres.ts')).openPostgres;
const mysql = async (): Promise<Open> => (await import('./mysql.ts')).openMysql;
const redis = async (): Promise<Open> => (await import('./redis.ts')).openRedis;
const sqlite = async (): Promise<Open> => (await import('./sqlite.ts')).openSqlite;
const dynamodb = async (): Promise<Open> => (await import('./dynamodb.ts')).openDynamodb;

/** What opens the stores of a scheme, imported when it is wanted. */
const openers: Readonly<Record<string, () => Promise<Open>>> = {
  postgres,
  postgresql: postgres,
  mysql,
  mariadb: mysql,
  redis,
  rediss: redis,
  'redis-cluster': redis,
  'rediss-cluster': redis,
  'redis-sentinel': redis,
  'rediss-sentinel': redis,
  dynamodb,
  sqlite,
};

/** A URL of a store that can be opened. */
export function checkStoreUrl(text: string): StoreUrl {
  const url = parseStoreUrl(text);
  if (url === undefined) throw usage(`the store is no URL; give ${urlForms}`);
  if (!Object.hasOwn(openers, url.scheme)) {
    throw usage(`${url.scheme}:// is no kind of store; give ${urlForms}`);
  }
  const retirement = url.params.get('retirement');
  if (retirement !== undefined && retirement !== 'on' && retirement !== 'paused') {
    throw usage(`${url.label}: retirement is '${retirement}'; give 'on' or 'paused'`);
  }
  return url;
}

/** Opens the store of a URL. */
export async function openStore(text: string, options: OpenOptions): Promise<OpenedStore> {
  const url = checkStoreUrl(text);
  const open = await openers[url.scheme]!();
  return open(url, text, options);
}
