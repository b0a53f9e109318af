import { type Store, tiered } from '@twiceproof/core';
import { startPostgres, startRedis } from '@twiceproof/engines';
import { memoryStore } from '@twiceproof/memory';
import { postgresStore } from '@twiceproof/postgres';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import pg from 'pg';

/** Real stores for the scenario. */
export interface ScenarioStores {
  readonly postgres: Store;
  readonly redis: Store;
  readonly stacked: Store;
  /** A Redis that nobody can reach. */
  readonly unreachable: Store;
  close(): Promise<void>;
}

export async function openStores(): Promise<ScenarioStores> {
  const [redisServer, postgresServer] = await Promise.all([startRedis(), startPostgres()]);
  const client = new Redis(redisServer.url);
  const pool = new pg.Pool({ connectionString: postgresServer.url, max: 8 });
  pool.on('error', () => {});
  const nobody = new Redis({
    port: 1,
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  });
  nobody.on('error', () => {});

  const redis = redisStore({ client, prefix: `scenario-${process.pid}` });
  const postgres = postgresStore({ client: pool, schema: `scenario_${process.pid}` });
  await postgres.setup();
  return {
    postgres,
    redis,
    stacked: tiered([memoryStore({ maxRecords: 1_000 }), redis]),
    unreachable: redisStore({ client: nobody }),
    async close() {
      await redis.close();
      await postgres.close?.();
      await pool.query(`DROP SCHEMA scenario_${process.pid} CASCADE`);
      await pool.end();
      client.disconnect();
      nobody.disconnect();
      await Promise.all([redisServer.stop(), postgresServer.stop()]);
    },
  };
}
