import { describeStore } from '@twiceproof/testing';
import { endPools, newStore } from '../test/new-store.ts';
import { keyOf } from './rows.ts';

endPools();

describeStore(
  'MariaDB',
  async () => {
    const { store, sibling, client, table } = await newStore();
    return {
      stores: [store, sibling().store],
      async damage(id) {
        const sql = `UPDATE ${table} SET record = '{' WHERE id = ?`;
        await client.execute({ sql, values: [keyOf(id)] });
      },
      clientWorks: () => client.query('SELECT 1'),
      dispose: () => store.close(),
    };
  },
  { without: ['fill', 'watch'], parallel: true },
);
