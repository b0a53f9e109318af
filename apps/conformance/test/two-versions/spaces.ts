import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Store } from '@twiceproof/core';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { startDynamodb, startMariadb, startPostgres, startRedis } from '@twiceproof/engines';
import { mysqlStore } from '@twiceproof/mysql';
import { postgresStore } from '@twiceproof/postgres';
import { redisStore } from '@twiceproof/redis';
import { sqliteStore } from '@twiceproof/sqlite';
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import { Pool } from 'pg';
import type { EngineName } from './messages.ts';
import type { Space } from './process.ts';

/** A place on a real engine that is made for both versions, with a store of this one. */
export interface Opened extends Omit<Space, 'onEffect'> {
  readonly store: Store;
  stop(): Promise<void>;
}

const space = `versions_${process.pid}`;

export const spaces: Readonly<Record<EngineName, () => Promise<Opened>>> = {
  async dynamodb() {
    const { endpoint: url, stop } = await startDynamodb({ own: true });
    const client = new DynamoDBClient({
      endpoint: url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const store = dynamodbStore({ client, table: space });
    await store.setup();
    return { engine: 'dynamodb', url, space, store, stop };
  },

  async mysql() {
    const { url, stop } = await startMariadb();
    const client = createPool(url);
    const store = mysqlStore({ client, table: space });
    await store.setup();
    const end = async () => {
      await client.query(`DROP TABLE ${space}`);
      await client.end();
      await stop();
    };
    return { engine: 'mysql', url, space, store, stop: end };
  },

  async postgres() {
    const { url, stop } = await startPostgres({ version: 18 });
    const client = new Pool({ connectionString: url });
    const store = postgresStore({ client, schema: space });
    await store.setup();
    const end = async () => {
      await store.close();
      await client.end();
      await stop();
    };
    return { engine: 'postgres', url, space, store, stop: end };
  },

  async redis() {
    const { url, stop } = await startRedis();
    const client = new Redis(url);
    const end = async () => {
      client.disconnect();
      await stop();
    };
    return { engine: 'redis', url, space, store: redisStore({ client, prefix: space }), stop: end };
  },

  async sqlite() {
    const folder = mkdtempSync(join(tmpdir(), 'twiceproof-versions-'));
    const url = join(folder, 'records.db');
    const store = sqliteStore({ path: url });
    const stop = async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    };
    return { engine: 'sqlite', url, space, store, stop };
  },
};
