import { isPglite, type PostgresClient } from './client.ts';
import type { Database } from './database.ts';
import { pgDatabase } from './pg-database.ts';
import { pgliteDatabase } from './pglite-database.ts';

export interface DatabaseOptions {
  readonly timeoutMs: number;
  /** Whether the store may open connections of its own, beside those of the pool. */
  readonly ownConnections: boolean;
}

/** The client, as the store asks it. */
export function openDatabase(client: PostgresClient, options: DatabaseOptions): Database {
  return isPglite(client) ? pgliteDatabase(client, options.timeoutMs) : pgDatabase(client, options);
}
