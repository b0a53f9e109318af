import { ignoreError } from './check-out.ts';
import type { PostgresPool } from './client.ts';

const heard = new WeakSet<PostgresPool>();

/**
 * A pool reports that an idle connection ended, and where nobody listens that ends the process: a
 * Postgres that is restarted must not. Also after the store is closed, for connections that it has used.
 */
export function hearIdleErrors(pool: PostgresPool): void {
  if (heard.has(pool)) return;
  heard.add(pool);
  pool.on?.('error', ignoreError);
}
