import { ignoreError } from './check-out.ts';
import type { PostgresPool } from './client.ts';

const maxOwn = 2;
const idleMs = 10_000;

interface EndablePool extends PostgresPool {
  emit(event: 'connect', connection: unknown): unknown;
  on(event: 'error' | 'connect', listener: (subject: never) => void): unknown;
  end(): Promise<void>;
}

/**
 * A few connections of the store's own, made like the pool's. They are opened while the pool has none
 * free, so that heartbeats and settlements never wait behind the application's own queries, and closed
 * again when they idle.
 */
export interface OwnConnections {
  /** The pool to ask now: the application's while it has a connection free. */
  readonly pool: PostgresPool;
  close(): Promise<void>;
}

export function createOwnConnections(pool: PostgresPool, timeoutMs: number): OwnConnections {
  let own: EndablePool | undefined;
  return {
    get pool() {
      if (hasFree(pool)) return pool;
      own ??= openLike(pool as EndablePool, timeoutMs);
      return own ?? pool;
    },
    async close() {
      const closing = own;
      own = undefined;
      await closing?.end();
    },
  };
}

/** A pool that does not say counts as one that has. */
function hasFree({ totalCount, idleCount, waitingCount, options }: PostgresPool): boolean {
  if (totalCount === undefined || idleCount === undefined) return true;
  const unopened = Math.max(0, (options?.max ?? Number.POSITIVE_INFINITY) - totalCount);
  return idleCount + unopened > (waitingCount ?? 0);
}

/** Undefined for what is no Pool of `pg`: nobody knows how to make another one of it. */
function openLike(pool: EndablePool, timeoutMs: number): EndablePool | undefined {
  const { options } = pool;
  const Pool = pool.constructor as new (options: object) => EndablePool;
  if (typeof Pool !== 'function' || (Pool as unknown) === Object || !options) return undefined;
  const own = new Pool({
    ...options,
    // Hidden from enumeration by the pool.
    password: (options as { password?: unknown }).password,
    max: maxOwn,
    min: 0,
    idleTimeoutMillis: idleMs,
    connectionTimeoutMillis: timeoutMs,
    allowExitOnIdle: true,
  });
  own.on('error', ignoreError);
  // Where the application sets up each connection of its pool, it sets up these.
  own.on('connect', (connection) => pool.emit('connect', connection));
  return own;
}
