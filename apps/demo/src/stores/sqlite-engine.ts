import { connectSqlite } from './connect-sqlite.ts';
import type { Engine } from './engine.ts';

/** A file beside the ledger, which all processes open. */
export async function openSqlite(path: string): Promise<Engine> {
  const { store, close } = connectSqlite(path);
  await store.setup?.();
  return { address: { kind: 'sqlite', path }, store, keptAt: path, close };
}
