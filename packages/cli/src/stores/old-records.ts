import type * as Aws from '@aws-sdk/client-dynamodb';
import type { OldPlace } from '@twiceproof/powertools';
import type * as Ioredis from 'ioredis';
import { usage } from '../failure.ts';
import { loadPackage } from './load-package.ts';
import { connectTimeoutMs, requestTimeoutMs } from './opened-store.ts';
import { connectRedis } from './redis-client.ts';
import { optionsOf, parseStoreUrl, type StoreUrl } from './store-url.ts';

/** Where Powertools keeps its records, and how to leave it. */
export interface OldRecordsAt {
  readonly label: string;
  readonly place: OldPlace;
  close(): void;
}

const forms = 'dynamodb://region/table or redis://host:6379';
const attributes = ['statusAttr', 'expiryAttr', 'inProgressExpiryAttr', 'dataAttr'];

/** Opens what a URL names. Nothing is read or changed in it. */
export async function openOldRecords(text: string | undefined, cwd: string): Promise<OldRecordsAt> {
  if (text === undefined) throw usage(`say where the old records are: --store ${forms}`);
  const url = parseStoreUrl(text);
  if (url?.scheme === 'dynamodb') return openDynamodb(url, cwd);
  if (url && /^rediss?$/.test(url.scheme)) return openRedis(url, cwd);
  throw usage(`Powertools has no records of that kind; give ${forms}`);
}

async function openDynamodb(url: StoreUrl, cwd: string): Promise<OldRecordsAt> {
  const { label, path: table, servers } = url;
  if (table === '') throw usage(`${label} names no table; give dynamodb://region/table`);
  const { endpoint, ...names } = optionsOf(url, [
    ...['endpoint', 'keyAttr', 'sortKeyAttr'],
    ...attributes,
  ]);
  const name = '@aws-sdk/client-dynamodb';
  const aws = await loadPackage<typeof Aws>(name, cwd, ['@twiceproof/powertools', name]);
  const region = servers[0]!.host;
  const client = new aws.DynamoDBClient({
    ...(region !== '' && { region }),
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: { connectionTimeout: connectTimeoutMs, requestTimeout: requestTimeoutMs },
  });
  return {
    label,
    place: { dynamodb: { client, table, ...names } },
    close: () => client.destroy(),
  };
}

async function openRedis(url: StoreUrl, cwd: string): Promise<OldRecordsAt> {
  const names = optionsOf(url, attributes);
  const packages = ['@twiceproof/powertools', 'ioredis'];
  const driver = await loadPackage<typeof Ioredis>('ioredis', cwd, packages);
  const client = (await connectRedis(url, driver)) as Ioredis.Redis;
  return {
    label: url.label,
    place: { redis: { client, ...names } },
    close: () => client.disconnect(),
  };
}
