import { describeStore } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { newStore, useDatabases } from '../test/databases.ts';

const databases = useDatabases();
const readOnly = 'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY';

/** Every connection of the pool leads to what is a replica now. */
async function failOver(pool: Pool): Promise<void> {
  const count = Math.max(1, pool.totalCount);
  const connections = await Promise.all(Array.from({ length: count }, () => pool.connect()));
  for (const connection of connections) await connection.query(readOnly);
  for (const connection of connections) connection.release();
}

for (const database of databases.all) {
  const canFailOver = database !== databases.pglite;

  describeStore(
    database.name,
    async () => {
      const { store, sibling, client, rows, table } = await newStore(database);
      return {
        stores: [store, await sibling()],
        async damage(id) {
          const check = 'twiceproof_records_status_check';
          await rows(`ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${check}`);
          await rows(`UPDATE ${table} SET status = 'gone' WHERE id = $1`, [id]);
        },
        ...(canFailOver && { failOver: () => failOver(client as Pool) }),
        clientWorks: () => client.query('SELECT 1'),
        dispose: () => store.close(),
      };
    },
    {
      hasStats: true,
      parallel: true,
      canFailOver,
      // The statements are the same on each of them.
      ...(database !== databases.postgres18 && { contention: { rounds: 40, claims: 50 } }),
    },
  );
}
