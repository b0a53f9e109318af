import { ignoreError } from './check-out.ts';
import type { PostgresPool } from './client.ts';

const stores = new WeakMap<PostgresPool, number>();

/**
 * A pool reports that an idle connection ended, and where nobody listens that ends the process: a
 * Postgres that is restarted must not. Answers how to stop; stores of one pool share a listener.
 */
export function hearIdleErrors(pool: PostgresPool): () => void {
  const before = stores.get(pool) ?? 0;
  stores.set(pool, before + 1);
  if (before === 0) pool.on?.('error', ignoreError);
  let isStopped = false;
  return () => {
    if (isStopped) return;
    isStopped = true;
    const left = stores.get(pool)! - 1;
    stores.set(pool, left);
    if (left === 0) pool.removeListener?.('error', ignoreError);
  };
}
