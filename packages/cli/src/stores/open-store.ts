import { usage } from '../failure.ts';
import { openDynamodb } from './dynamodb.ts';
import type { OpenedStore, OpenOptions } from './opened-store.ts';
import { openPostgres } from './postgres.ts';
import { openRedis } from './redis.ts';
import { parseStoreUrl, type StoreUrl } from './store-url.ts';

type Open = (url: StoreUrl, text: string, options: OpenOptions) => Promise<OpenedStore>;

const openers: Readonly<Record<string, Open>> = {
  postgres: openPostgres,
  postgresql: openPostgres,
  redis: openRedis,
  rediss: openRedis,
  'redis-cluster': openRedis,
  'rediss-cluster': openRedis,
  'redis-sentinel': openRedis,
  'rediss-sentinel': openRedis,
  dynamodb: openDynamodb,
};

export const urlForms =
  'postgres://user@host/database, redis://host:6379, rediss://host:6379 or dynamodb://region/table';

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
  return openers[url.scheme]!(url, text, options);
}
