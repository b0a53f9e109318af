import { sqliteStore } from '@twiceproof/sqlite';
import type { ConnectedStore } from './connected-store.ts';

/** Opens the file, as the other processes do. */
export function connectSqlite(path: string): ConnectedStore {
  const store = sqliteStore({ path });
  return { store, close: () => store.close() };
}
