import { startMariadb } from '@twiceproof/engines';
import { mysqlStore } from '@twiceproof/mysql';
import { createPool, type RowDataPacket } from 'mysql2/promise';
import type { Place } from './place.ts';

const textual = ['id', 'record'];

/** Bytes that are a text as one. */
function shown(name: string, value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  const bytes = Buffer.from(value);
  return textual.includes(name) ? bytes.toString() : { hex: bytes.toString('hex') };
}

function stored(value: unknown): unknown {
  if (typeof value === 'string') return Buffer.from(value);
  return value === null || typeof value !== 'object'
    ? value
    : Buffer.from((value as { hex: string }).hex, 'hex');
}

export async function mysqlPlace(): Promise<Place> {
  const engine = await startMariadb();
  const client = createPool(engine.url);
  const made: string[] = [];
  return {
    async fresh(left) {
      const table = `formats_${process.pid}_${made.length}`;
      made.push(table);
      for (const statement of left?.tables ?? []) {
        await client.query(statement.replace('`twiceproof_records`', table));
      }
      for (const row of left?.rows ?? []) {
        const places = Object.keys(row).map(() => '?');
        const sql = `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`;
        await client.query(sql, Object.values(row).map(stored));
      }
      const store = mysqlStore({ client, table });
      await store.setup();
      return {
        store,
        async rows() {
          const [rows] = await client.query<RowDataPacket[]>(`SELECT * FROM ${table} ORDER BY id`);
          return rows.map((row) =>
            Object.fromEntries(
              Object.entries(row).map(([name, value]) => [name, shown(name, value)]),
            ),
          );
        },
      };
    },
    async stop() {
      for (const table of made) await client.query(`DROP TABLE IF EXISTS ${table}`);
      await client.end();
      await engine.stop();
    },
  };
}
