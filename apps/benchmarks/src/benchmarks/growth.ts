import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '@twiceproof/core';
import { startPostgres, startRedis } from '@twiceproof/engines';
import { memoryStore } from '@twiceproof/memory';
import { postgresStore } from '@twiceproof/postgres';
import { redisStore } from '@twiceproof/redis';
import { sqliteStore } from '@twiceproof/sqlite';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { type Charge, chargeWith } from '../layers/charge.ts';
import type { Setting } from '../measuring/benchmark.ts';
import type { Comparison } from '../measuring/comparison.ts';
import type { Figures } from '../measuring/figures.ts';
import { costOfGrowth } from './titles.ts';

const few = 1_000;
const many = 1_000_000;
/** First executions of a sample: more of them would let the small store grow. */
const mostFirsts = 100;

/** What a call costs where there are a thousand records, and where there are a million. */
export async function* growth({ count }: Setting): AsyncIterable<Comparison> {
  for (const [engine, { start, openToFill, atOnce }] of Object.entries(engines)) {
    await using stores = new AsyncDisposableStack();
    const open = await start(stores);
    const small = chargeWith({ store: await open('few'), retention: '7d' });
    const store = await open('many');
    const large = chargeWith({ store, retention: '7d' });
    // Known before there are others, so that they lie between them.
    for (const charge of [small, large]) await charge.replays({ calls: few, atOnce });
    const filling = (await openToFill?.('many')) ?? store;
    await fill(chargeWith({ store: filling, retention: '7d' }), count(many) - few);
    if (filling !== store) await filling.close?.();
    for (const work of ['replay', 'first execution'] as const) {
      const sample = (charge: Charge) => (calls: number) =>
        work === 'replay'
          ? charge.replays({ calls: Math.min(calls, few), atOnce })
          : charge.firsts({ calls: Math.min(calls, mostFirsts), atOnce });
      yield {
        title: `${engine}, ${work}, ${atOnce} at once`,
        atOnce,
        contenders: [
          { name: '1,000 records', role: 'floor', sample: sample(small) },
          { name: '1,000,000 records', role: 'ours', sample: sample(large) },
        ],
        derived: { [costOfGrowth]: dearer },
      };
    }
  }
}

function dearer([small, large]: readonly Figures[]): number {
  return large!.wall! / small!.wall!;
}

const portion = 10_000;

async function fill(charge: Charge, records: number): Promise<void> {
  for (let left = records; left > 0; left -= portion)
    await charge.firsts({ calls: Math.min(left, portion), atOnce: 256 });
}

interface Engine {
  readonly atOnce: number;
  /** Starts it, and answers what opens a store in it that has no records yet. */
  start(cleanUp: AsyncDisposableStack): Promise<(name: string) => Promise<Store>>;
  /** The same records without waiting for the disk, which a million of them would take too long for. */
  openToFill?(name: string): Promise<Store>;
}

const engines: Readonly<Record<string, Engine>> = {
  memory: {
    atOnce: 1,
    start: async () => async () => memoryStore({ maxRecords: 2 * many }),
  },
  SQLite: sqlite(),
  Redis: {
    atOnce: 64,
    async start(cleanUp) {
      // A server each: what is told apart is how much there is in one.
      return async () => {
        const engine = await startRedis({ own: true });
        cleanUp.defer(() => engine.stop());
        const client = new Redis(engine.url, { enableAutoPipelining: true });
        cleanUp.defer(() => client.disconnect());
        return redisStore({ client });
      };
    },
  },
  Postgres: {
    atOnce: 64,
    async start(cleanUp) {
      const engine = await startPostgres();
      cleanUp.defer(() => engine.stop());
      const client = new Pool({ connectionString: engine.url, max: 10 });
      client.on('error', () => {});
      cleanUp.defer(() => client.end());
      return async (name) => {
        const schema = `twiceproof_bench_${name}`;
        const store = postgresStore({ client, schema });
        cleanUp.defer(async () => {
          await store.close();
          await client.query(`DROP SCHEMA ${schema} CASCADE`);
        });
        await store.setup();
        return store;
      };
    },
  },
};

function sqlite(): Engine {
  let folder = '';
  const file = (name: string) => join(folder, `${name}.db`);
  return {
    atOnce: 1,
    async start(cleanUp) {
      folder = await mkdtemp(join(tmpdir(), 'twiceproof-bench-'));
      cleanUp.defer(() => rm(folder, { recursive: true }));
      return async (name) => {
        const store = sqliteStore({ path: file(name) });
        cleanUp.defer(() => store.close());
        await store.setup();
        return store;
      };
    },
    async openToFill(name) {
      const client = new DatabaseSync(file(name));
      client.exec('PRAGMA synchronous = OFF');
      return {
        ...sqliteStore({ client }),
        async close() {
          // All of it is on the disk before anything is measured.
          client.exec('PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)');
          client.close();
        },
      };
    },
  };
}
