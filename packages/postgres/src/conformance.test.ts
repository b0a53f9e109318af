import { describeStore } from '@twiceproof/testing';
import { newStore, useDatabases } from '../test/databases.ts';

for (const database of useDatabases().all) {
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
        clientWorks: () => client.query('SELECT 1'),
        dispose: () => store.close(),
      };
    },
    { hasStats: true, parallel: true },
  );
}
