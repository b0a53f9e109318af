import type * as Aws from '@aws-sdk/client-dynamodb';
import type { Duration } from '@twiceproof/core';
import type * as Twiceproof from '@twiceproof/dynamodb';
import type { DynamodbStoreOptions, KeyAttribute } from '@twiceproof/dynamodb';
import { usage } from '../failure.ts';
import { loadPackage } from './load-package.ts';
import {
  connectTimeoutMs,
  type OpenedStore,
  type OpenOptions,
  requestTimeoutMs,
} from './opened-store.ts';
import { optionsOf, type StoreUrl } from './store-url.ts';

const packages = ['@twiceproof/dynamodb', '@aws-sdk/client-dynamodb'];

const plain = ['endpoint', 'listIndex', 'clockMargin', 'ttlGrace', 'retirement'];
const keys = ['partitionKey', 'sortKey'].flatMap((key) => [key, `${key}.prefix`, `${key}.value`]);

export async function openDynamodb(
  url: StoreUrl,
  _text: string,
  { cwd }: OpenOptions,
): Promise<OpenedStore> {
  const region = url.servers[0]!.host;
  if (url.path === '') {
    throw usage(`${url.label} names no table; give dynamodb://region/table`);
  }
  const attributes = [...url.params.keys()].filter((name) => name.startsWith('attributes.'));
  const given = optionsOf(url, [...plain, ...keys, ...attributes]);
  const { dynamodbStore } = await loadPackage<typeof Twiceproof>(
    '@twiceproof/dynamodb',
    cwd,
    packages,
  );
  const aws = await loadPackage<typeof Aws>('@aws-sdk/client-dynamodb', cwd, packages);
  const client = new aws.DynamoDBClient({
    ...(region !== '' && { region }),
    ...(given.endpoint !== undefined && { endpoint: given.endpoint }),
    requestHandler: { connectionTimeout: connectTimeoutMs, requestTimeout: requestTimeoutMs },
  });
  const options: DynamodbStoreOptions = {
    client,
    table: url.path,
    partitionKey: keyAttribute('partitionKey', given),
    sortKey: keyAttribute('sortKey', given),
    attributes: Object.fromEntries(attributes.map((name) => [name.slice(11), given[name]!])),
    listIndex: given.listIndex,
    clockMargin: given.clockMargin as Duration | undefined,
    ttlGrace: given.ttlGrace as Duration | undefined,
    // A clock that is off is what `verify` reports; a record that cannot be read is not listed.
    onWarning: () => {},
  };
  return {
    store: dynamodbStore(options),
    async close() {
      client.destroy();
    },
  };
}

function keyAttribute(
  key: string,
  given: Readonly<Record<string, string>>,
): KeyAttribute | undefined {
  const name = given[key];
  if (name === undefined) return undefined;
  const value = given[`${key}.value`];
  return value === undefined ? { name, prefix: given[`${key}.prefix`] } : { name, value };
}
