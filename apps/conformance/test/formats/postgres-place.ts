import { startPostgres } from '@twiceproof/engines';
import { postgresStore, setupSql } from '@twiceproof/postgres';
import { Pool } from 'pg';
import { asHex, fromHex, type Place } from './place.ts';

export async function postgresPlace(): Promise<Place> {
  const engine = await startPostgres({ version: 18 });
  const client = new Pool({ connectionString: engine.url });
  const stores: { close(): Promise<void> }[] = [];
  let spaces = 0;
  return {
    async fresh(left) {
      spaces += 1;
      const schema = `formats_${process.pid}_${spaces}`;
      for (const statement of left?.tables ?? []) {
        await client.query(statement.replaceAll('"public"', `"${schema}"`));
      }
      const table = `"${schema}".twiceproof_records`;
      for (const row of left?.rows ?? []) {
        const values = Object.values(row).map(fromHex);
        const places = values.map((_, at) => `$${at + 1}`);
        const names = Object.keys(row).join(', ');
        await client.query(`INSERT INTO ${table} (${names}) VALUES (${places.join(', ')})`, values);
      }
      const store = postgresStore({ client, schema });
      stores.push(store);
      await store.setup();
      return {
        store,
        async rows() {
          const { rows } = await client.query<object>(`SELECT * FROM ${table} ORDER BY id`);
          return rows.map((row) =>
            Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asHex(value)])),
          );
        },
        tables: async () => [setupSql()],
      };
    },
    async stop() {
      for (const store of stores) await store.close();
      await client.end();
      await engine.stop();
    },
  };
}
