import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Store, tiered } from '@twiceproof/core';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { memoryStore } from '@twiceproof/memory';
import { type Effect, postgresStore, transactional } from '@twiceproof/postgres';
import { redisStore } from '@twiceproof/redis';
import { Cluster, Redis } from 'ioredis';
import { Pool, type PoolClient } from 'pg';

interface Address {
  readonly host: string;
  readonly port: number;
}

/** How a worker reaches its store. */
export type Connection =
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'cluster'; readonly nodes: readonly Address[] }
  | { readonly kind: 'sentinel'; readonly name: string; readonly sentinels: readonly Address[] }
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'transactional'; readonly url: string }
  | { readonly kind: 'dynamodb'; readonly endpoint: string }
  | { readonly kind: 'stack'; readonly redis: string; readonly postgres: string };

export interface Opened {
  readonly store: Store;
  /** With `transactional()`: makes a function of a transaction one that is executed in it. */
  readonly inTransaction?: (
    fn: Effect<PoolClient, readonly [Work], string>,
  ) => (work: Work) => Promise<string>;
}

/** One call, as the function sees it. */
export interface Work {
  readonly key: string;
  readonly call: number;
}

export function openStore(connection: Connection): Opened {
  switch (connection.kind) {
    case 'redis':
      return { store: redisStore({ client: redis(connection.url) }) };
    case 'cluster': {
      const client = new Cluster([...connection.nodes], { enableAutoPipelining: true });
      client.on('error', () => {});
      return { store: redisStore({ client }) };
    }
    case 'sentinel': {
      const { name, sentinels } = connection;
      const client = new Redis({ name, sentinels: [...sentinels] });
      client.on('error', () => {});
      return { store: redisStore({ client }) };
    }
    case 'postgres':
      return { store: postgresStore({ client: pool(connection.url) }) };
    case 'transactional': {
      const { store, effect } = transactional<PoolClient>({ client: pool(connection.url) });
      return { store, inTransaction: effect };
    }
    case 'dynamodb':
      return { store: dynamodb(connection.endpoint) };
    case 'stack': {
      const authority = postgresStore({ client: pool(connection.postgres) });
      const near = redisStore({ client: redis(connection.redis), prefix: 'tier' });
      return { store: tiered([memoryStore({ maxRecords: 1_000 }), near, authority]) };
    }
  }
}

function redis(url: string): Redis {
  const client = new Redis(url, { enableAutoPipelining: true });
  // The store tells what it could not do.
  client.on('error', () => {});
  return client;
}

function pool(url: string): Pool {
  const opened = new Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 2_000 });
  opened.on('error', () => {});
  return opened;
}

function dynamodb(endpoint: string): Store {
  const client = new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return dynamodbStore({ client, table: 'chaos' });
}
