import { startDynamodb, startPostgres, startRedis } from '@twiceproof/engines';

/** How a user of one store writes it down, and what of their own they need for it. */
export interface ConsumedStore {
  readonly name: string;
  /** Packages the user has installed already. */
  readonly drivers: readonly string[];
  readonly imports: string;
  /** An expression for the store; `url` is that of its engine. */
  readonly store: string;
  /** Statements that give back what the user opened. */
  readonly close: string;
  startEngine?(): Promise<Engine>;
}

interface Engine {
  readonly url: string;
  stop(): Promise<void>;
}

export const stores: readonly ConsumedStore[] = [
  {
    name: '@twiceproof/memory',
    drivers: [],
    imports: `import { memoryStore } from '@twiceproof/memory';`,
    store: 'memoryStore({ maxRecords: 1_000 })',
    close: '',
  },
  {
    name: '@twiceproof/postgres',
    drivers: ['pg', '@types/pg'],
    imports: `import { Pool } from 'pg';
import { postgresStore } from '@twiceproof/postgres';
const client = new Pool({ connectionString: url });`,
    store: 'postgresStore({ client })',
    close: 'await store.close();\n  await client.end();',
    startEngine: () => startPostgres({ own: true }),
  },
  {
    name: '@twiceproof/redis',
    drivers: ['ioredis'],
    imports: `import { Redis } from 'ioredis';
import { redisStore } from '@twiceproof/redis';
const client = new Redis(url);`,
    store: 'redisStore({ client })',
    close: 'client.disconnect();',
    startEngine: () => startRedis({ own: true }),
  },
  {
    name: '@twiceproof/dynamodb',
    drivers: ['@aws-sdk/client-dynamodb'],
    imports: `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbStore } from '@twiceproof/dynamodb';
const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
const client = new DynamoDBClient({ endpoint: url, region: 'eu-west-1', credentials });`,
    store: `dynamodbStore({ client, table: 'consumer' })`,
    close: 'client.destroy();',
    startEngine: async () => {
      const { endpoint, stop } = await startDynamodb({ own: true });
      return { url: endpoint, stop };
    },
  },
];
