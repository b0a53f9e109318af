import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { startDynamodb, startRedis } from '@twiceproof/engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import type { OldPlace } from '../src/index.ts';
import { local } from './local.ts';
import type { PlaceSpec } from './programs/requests.ts';

export type PlaceKind = 'DynamoDB' | 'DynamoDB with a sort key' | 'Redis';
export const placeKinds: readonly PlaceKind[] = ['DynamoDB', 'DynamoDB with a sort key', 'Redis'];

/** A place for old records that is empty. */
export interface Place {
  /** For programs. */
  readonly spec: PlaceSpec;
  /** For options. */
  readonly old: OldPlace;
  /** Everything that is in it, as it is kept. */
  content(): Promise<readonly unknown[]>;
  /** Loses all of it. */
  clear(): Promise<void>;
}

export interface Places {
  /** A Redis, for other things as well. */
  readonly redisUrl: string;
  open(kind: PlaceKind): Promise<Place>;
}

/** A DynamoDB and a Redis for the tests of a file. */
export function usePlaces(): Places {
  const ends: (() => unknown)[] = [];
  let endpoint = '';
  let redisUrl = '';
  let client: DynamoDBClient;
  beforeAll(async () => {
    const [dynamodb, redis] = await Promise.all([
      startDynamodb({ own: true }),
      startRedis({ own: true }),
    ]);
    ({ endpoint } = dynamodb);
    redisUrl = redis.url;
    client = new DynamoDBClient(local(endpoint));
    ends.push(
      () => dynamodb.stop(),
      () => redis.stop(),
      () => client.destroy(),
    );
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });
  let databases = 0;
  const openRedis = async (): Promise<Place> => {
    // Each place has a database of its own.
    const url = `${redisUrl}/${++databases % 16}`;
    const redis = new Redis(url);
    ends.push(() => redis.disconnect());
    await redis.flushdb();
    return {
      spec: { redis: url },
      old: { redis: { client: redis } },
      clear: async () => void (await redis.flushdb()),
      content: async () => {
        const keys = (await redis.keys('*')).sort();
        return Promise.all(keys.map(async (key) => [key, await redis.get(key)]));
      },
    };
  };
  return {
    get redisUrl() {
      return redisUrl;
    },
    async open(kind) {
      if (kind === 'Redis') return openRedis();
      const table = `powertools-${randomUUID()}`;
      const sortKeyAttr = kind === 'DynamoDB' ? undefined : 'sort_key';
      await createTable(client, table, sortKeyAttr);
      return {
        spec: { endpoint, table, ...(sortKeyAttr !== undefined && { sortKeyAttr }) },
        old: { dynamodb: { client, table, sortKeyAttr } },
        clear: async () => {
          const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
          for (const { id, sort_key } of Items) {
            const Key = { id: id!, ...(sort_key && { sort_key }) };
            await client.send(new DeleteItemCommand({ TableName: table, Key }));
          }
        },
        content: async () => {
          const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
          return Items;
        },
      };
    },
  };
}

async function createTable(
  client: DynamoDBClient,
  TableName: string,
  sortKey: string | undefined,
): Promise<void> {
  const names = ['id', ...(sortKey === undefined ? [] : [sortKey])];
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: names.map((AttributeName, at) => ({
        AttributeName,
        KeyType: at === 0 ? 'HASH' : 'RANGE',
      })),
    }),
  );
}
