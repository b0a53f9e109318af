import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Store } from '@twiceproof/core';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { startDynamodb, startMariadb, startPostgres, startRedis } from '@twiceproof/engines';
import { memoryStore } from '@twiceproof/memory';
import { mysqlStore } from '@twiceproof/mysql';
import { postgresStore } from '@twiceproof/postgres';
import { redisStore } from '@twiceproof/redis';
import { sqliteStore } from '@twiceproof/sqlite';
import { Redis } from 'ioredis';
import { createPool, type Pool as MysqlPool } from 'mysql2/promise';
import { Pool } from 'pg';

/** A backend that runs: stores on the same data, each with a client of its own. */
export interface Backend {
  open(): Promise<Store>;
  stop(): Promise<void>;
}

export const backendNames = ['memory', 'sqlite', 'redis', 'postgres', 'mysql', 'dynamodb'] as const;
export type BackendName = (typeof backendNames)[number];

const random = (): string => Math.random().toString(36).slice(2);

/** The emulator wants a signature but checks none, and much of the time would go into making them. */
const anySignature = {
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
};

/** Starts the real engine, in a space of its own. */
export const startBackend: Readonly<Record<BackendName, () => Promise<Backend>>> = {
  async memory() {
    const store = memoryStore();
    return { open: async () => store, stop: async () => {} };
  },

  async sqlite() {
    const folder = mkdtempSync(join(tmpdir(), 'twiceproof-conformance-'));
    const stores: Store[] = [];
    return {
      async open() {
        const store = sqliteStore({ path: join(folder, 'records.db') });
        stores.push(store);
        return store;
      },
      async stop() {
        for (const store of stores) await store.close?.();
        rmSync(folder, { recursive: true });
      },
    };
  },

  async redis() {
    const engine = await startRedis();
    const prefix = `conformance-${random()}`;
    const clients: Redis[] = [];
    const stores: Store[] = [];
    return {
      async open() {
        const client = new Redis(engine.url, { enableAutoPipelining: true });
        const store = redisStore({ client, prefix });
        clients.push(client);
        stores.push(store);
        return store;
      },
      async stop() {
        for (const store of stores) await store.close?.();
        for (const client of clients) client.disconnect();
        await engine.stop();
      },
    };
  },

  async postgres() {
    const engine = await startPostgres({ version: 18 });
    const schema = `conformance_${random()}`;
    const pools: Pool[] = [];
    const stores: Store[] = [];
    return {
      async open() {
        const pool = new Pool({ connectionString: engine.url, max: 10 });
        // The server ends connections that the pool still closes.
        pool.on('error', () => {});
        const store = postgresStore({ client: pool, schema });
        await store.setup();
        pools.push(pool);
        stores.push(store);
        return store;
      },
      async stop() {
        for (const store of stores) await store.close?.();
        for (const pool of pools) await pool.end();
        await engine.stop();
      },
    };
  },

  async mysql() {
    const engine = await startMariadb();
    const table = `conformance_${random()}`;
    const pools: MysqlPool[] = [];
    return {
      async open() {
        const client = createPool(engine.url);
        const store = mysqlStore({ client, table });
        await store.setup();
        pools.push(client);
        return store;
      },
      async stop() {
        for (const pool of pools) await pool.end();
        await engine.stop();
      },
    };
  },

  async dynamodb() {
    const engine = await startDynamodb();
    const table = `conformance-${random()}`;
    const clients: DynamoDBClient[] = [];
    return {
      async open() {
        const client = new DynamoDBClient({
          endpoint: engine.endpoint,
          region: 'eu-central-1',
          credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
          signer: {
            async sign(request) {
              Object.assign(request.headers, anySignature);
              return request;
            },
          },
          cacheMiddleware: true,
        });
        const store = dynamodbStore({ client, table });
        await store.setup();
        clients.push(client);
        return store;
      },
      async stop() {
        for (const client of clients) client.destroy();
        await engine.stop();
      },
    };
  },
};
