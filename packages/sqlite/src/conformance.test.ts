import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describeStore } from '@twiceproof/testing';
import { sqliteStore } from './sqlite-store.ts';

for (const kind of ['path', 'client'] as const) {
  describeStore(
    `sqlite, by ${kind}`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'twiceproof-sqlite-'));
      const path = join(folder, 'records.db');
      const client = new DatabaseSync(path);
      client.exec('PRAGMA journal_mode = WAL');
      const stores = [sqliteStore(kind === 'path' ? { path } : { client }), sqliteStore({ path })];
      return {
        stores: stores as [(typeof stores)[0], (typeof stores)[0]],
        async damage(id) {
          const damage = 'UPDATE twiceproof_records SET record = ? WHERE id = ?';
          client.prepare(damage).run('{', JSON.stringify(id));
        },
        clientWorks: async () => client.prepare('SELECT 1').get(),
        async dispose() {
          await Promise.all(stores.map((store) => store.close()));
          client.close();
          rmSync(folder, { recursive: true });
        },
      };
    },
    {
      without: ['fill', 'watch'],
      // The file is the same, whoever opened it.
      ...(kind === 'client' && { contention: { rounds: 40, claims: 50 } }),
    },
  );
}
