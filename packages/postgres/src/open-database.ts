import { isPglite, type PostgresClient } from './client.ts';
import type { Database, DatabaseOptions } from './database.ts';
import { pgDatabase } from './pg-database.ts';
import { pgliteDatabase } from './pglite-database.ts';

/** The client, as the store asks it. */
export function openDatabase(client: PostgresClient, options: DatabaseOptions): Database {
  return isPglite(client) ? pgliteDatabase(client, options.timeoutMs) : pgDatabase(client, options);
}
