import { randomUUID } from 'node:crypto';
import { startPostgres } from '@twiceproof/engines';
import { postgresStore } from '@twiceproof/postgres';
import { Pool } from 'pg';
import type { Benchmark } from './benchmark.ts';
import { chargeWith } from './charge.ts';
import { microsPerCall } from './load.ts';
import { receipt } from './payments.ts';

const insert = `INSERT INTO twiceproof_bench.bare (id) VALUES ($1) ON CONFLICT DO NOTHING`;
const update = `UPDATE twiceproof_bench.bare SET result = $2 WHERE id = $1`;
const select = `SELECT result FROM twiceproof_bench.bare WHERE id = $1`;

/** Twiceproof against one statement for each row, which is what a table of one's own comes to. */
export const postgres: Benchmark = {
  name: 'postgres',
  about: 'first executions and replays on Postgres, against one statement a row',

  async prepare({ calls, cleanUp }) {
    const engine = await startPostgres();
    cleanUp.defer(() => engine.stop());
    const connect = (): Pool => {
      const pool = new Pool({ connectionString: engine.url, max: 10 });
      // The server ends connections that the pool still closes.
      pool.on('error', () => {});
      cleanUp.defer(() => pool.end());
      return pool;
    };
    const bare = connect();
    const client = connect();
    const store = postgresStore({ client, schema: 'twiceproof_bench' });
    await store.setup();
    await bare.query('CREATE TABLE twiceproof_bench.bare (id text PRIMARY KEY, result jsonb)');
    cleanUp.defer(async () => {
      await store.close();
      await bare.query('DROP SCHEMA twiceproof_bench CASCADE');
    });

    const space = randomUUID();
    const result = JSON.stringify(receipt);
    let made = 0;
    const claimAndSettle = async (): Promise<void> => {
      const id = `payment-${made++}-${space}`;
      await bare.query(insert, [id]);
      await bare.query(update, [id, result]);
    };
    const known = `payment-known-${space}`;
    await bare.query(insert, [known]);
    await bare.query(update, [known, result]);

    const charge = chargeWith({ store });
    const first = { calls: calls(1_024), atOnce: 256 };
    const replay = { calls: calls(4_096), atOnce: 256 };
    return [
      {
        title: 'first execution, 256 at once',
        unit: 'µs a call',
        contenders: [
          { name: 'INSERT, then UPDATE', sample: () => microsPerCall(first, claimAndSettle) },
          { name: 'Twiceproof', sample: () => charge.firsts(first) },
        ],
      },
      {
        title: 'replay, 256 at once',
        unit: 'µs a call',
        contenders: [
          {
            name: 'SELECT',
            sample: () => microsPerCall(replay, () => bare.query(select, [known])),
          },
          { name: 'Twiceproof', sample: () => charge.replays(replay) },
        ],
      },
    ];
  },
};
