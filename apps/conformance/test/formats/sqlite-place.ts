import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { sqliteStore } from '@twiceproof/sqlite';
import { asHex, fromHex, type Place } from './place.ts';

export async function sqlitePlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'twiceproof-formats-'));
  const opened: { close(): void }[] = [];
  return {
    async fresh(left) {
      const path = join(folder, `${opened.length}.db`);
      const file = new DatabaseSync(path);
      for (const statement of left?.tables ?? []) file.exec(statement);
      for (const row of left?.rows ?? []) {
        const values = Object.values(row).map(fromHex) as SQLInputValue[];
        const places = values.map(() => '?').join(', ');
        const names = Object.keys(row).join(', ');
        file.prepare(`INSERT INTO twiceproof_records (${names}) VALUES (${places})`).run(...values);
      }
      const store = sqliteStore({ path });
      opened.push(file, store);
      const all = (sql: string) => file.prepare(sql).all();
      return {
        store,
        rows: async () =>
          all('SELECT * FROM twiceproof_records ORDER BY id').map((row) =>
            Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asHex(value)])),
          ),
        tables: async () => [
          ...all("SELECT sql FROM sqlite_master WHERE sql <> ''").map(({ sql }) => String(sql)),
          // Counts on from what is there.
          `INSERT INTO twiceproof_fence VALUES (1, 1000)`,
        ],
      };
    },
    async stop() {
      for (const each of opened) each.close();
      rmSync(folder, { recursive: true });
    },
  };
}
