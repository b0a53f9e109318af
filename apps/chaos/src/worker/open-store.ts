import type { Store } from '@twiceproof/core';
import type { Effect } from '@twiceproof/postgres';
import type { PoolClient } from 'pg';
import { openCluster, openRedis, openSentinel } from './open-redis.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

/** How a worker reaches its store. */
export type Connection =
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'cluster'; readonly nodes: readonly Address[]; readonly waits: boolean }
  | { readonly kind: 'sentinel'; readonly name: string; readonly sentinels: readonly Address[] }
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'transactional'; readonly url: string }
  | { readonly kind: 'dynamodb'; readonly endpoint: string }
  | { readonly kind: 'mysql'; readonly url: string }
  | { readonly kind: 'sqlite'; readonly path: string }
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

/** A worker that is replaced at every other key loads nothing but its own engine's client. */
export async function openStore(connection: Connection): Promise<Opened> {
  switch (connection.kind) {
    case 'redis':
      return { store: await openRedis(connection.url) };
    case 'cluster':
      return { store: await openCluster(connection.nodes, connection.waits) };
    case 'sentinel':
      return { store: await openSentinel(connection.name, connection.sentinels) };
    case 'postgres': {
      const { postgresStore } = await import('@twiceproof/postgres');
      return { store: postgresStore({ client: await openPool(connection.url) }) };
    }
    case 'transactional': {
      const { transactional } = await import('@twiceproof/postgres');
      const client = await openPool(connection.url);
      const { store, effect } = transactional<PoolClient>({ client });
      return { store, inTransaction: effect };
    }
    case 'dynamodb':
      return { store: await openDynamodb(connection.endpoint) };
    case 'mysql': {
      const { createPool } = await import('mysql2/promise');
      const { mysqlStore } = await import('@twiceproof/mysql');
      return { store: mysqlStore({ client: createPool(connection.url) }) };
    }
    case 'sqlite': {
      const { sqliteStore } = await import('@twiceproof/sqlite');
      return { store: sqliteStore({ path: connection.path }) };
    }
    case 'stack':
      return { store: await openStack(connection.redis, connection.postgres) };
  }
}

async function openStack(redis: string, postgres: string): Promise<Store> {
  const { tiered } = await import('@twiceproof/core');
  const { memoryStore } = await import('@twiceproof/memory');
  const { postgresStore } = await import('@twiceproof/postgres');
  const authority = postgresStore({ client: await openPool(postgres) });
  return tiered([memoryStore({ maxRecords: 1_000 }), await openRedis(redis, 'tier'), authority]);
}

async function openPool(url: string) {
  const { Pool } = await import('pg');
  const opened = new Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 2_000 });
  opened.on('error', () => {});
  return opened;
}

async function openDynamodb(endpoint: string): Promise<Store> {
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const { dynamodbStore } = await import('@twiceproof/dynamodb');
  const client = new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return dynamodbStore({ client, table: 'chaos' });
}
