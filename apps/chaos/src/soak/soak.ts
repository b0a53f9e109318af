import { setTimeout as elapsed } from 'node:timers/promises';
import { createIdempotency, tiered } from '@twiceproof/core';
import { startPostgres, startProxy, startRedis } from '@twiceproof/engines';
import { memoryStore } from '@twiceproof/memory';
import { postgresStore } from '@twiceproof/postgres';
import { redisStore } from '@twiceproof/redis';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { seeded } from '../random.ts';
import { strikeInTurn } from './faults.ts';
import { type Sample, sample } from './sample.ts';
import { type Outcomes, work } from './work.ts';

export interface SoakOptions {
  readonly ms: number;
  readonly seed: number;
  readonly onSample?: (sample: Sample) => void;
}

const sampleEveryMs = 1_000;
const lanesPerStore = 4;

/** Mixed work on Redis, on Postgres and on a stack of both, under faults of the network. */
export async function soak({ ms, seed, onSample }: SoakOptions): Promise<{
  readonly samples: readonly Sample[];
  readonly outcomes: Outcomes;
}> {
  const redis = await startRedis({ own: true });
  const postgres = await startPostgres({ own: true });
  const proxies = [
    await startProxy({ target: redis.url }),
    await startProxy({ target: postgres.url }),
  ] as const;
  const client = new Redis(proxies[0].through(redis.url), { enableAutoPipelining: true });
  const pool = new Pool({ connectionString: proxies[1].through(postgres.url), max: 5 });
  const ignore = () => {};
  client.on('error', ignore);
  pool.on('error', ignore);
  const plain = postgresStore({ client: pool });
  await plain.setup();
  const memory = memoryStore({ maxRecords: 200 });
  const near = redisStore({ client, prefix: 'tier' });
  const stores = [redisStore({ client }), plain, tiered([memory, near, plain])];
  const all = stores.map((store, index) =>
    createIdempotency({ environment: `soak-${index}`, store, storeTimeout: '500ms' }),
  );
  const over = new AbortController();
  const outcomes: Outcomes = new Map();
  const samples: Sample[] = [];
  try {
    const random = seeded(seed);
    const lanes = all.flatMap((idempotency) =>
      Array.from({ length: lanesPerStore }, () => work(idempotency, random, outcomes, over.signal)),
    );
    const striking = strikeInTurn(proxies, over.signal);
    for (let left = ms; left > 0; left -= sampleEveryMs) {
      await elapsed(sampleEveryMs);
      const taken = sample([process, client, pool]);
      samples.push(taken);
      onSample?.(taken);
    }
    over.abort();
    await Promise.all([...lanes, striking]);
    return { samples, outcomes };
  } finally {
    over.abort();
    await Promise.all(all.map((idempotency) => idempotency.close()));
    client.disconnect();
    await pool.end();
    await Promise.all(proxies.map((proxy) => proxy.stop()));
    await Promise.all([redis.stop(), postgres.stop()]);
  }
}
