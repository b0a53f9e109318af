import { isPglite, type PostgresClient, type PostgresQueryable } from './client.ts';
import { pgDatabase } from './pg-database.ts';
import { pgliteDatabase } from './pglite-database.ts';

export type Row = Readonly<Record<string, unknown>>;
type Query = (text: string, params?: unknown[]) => Promise<readonly Row[]>;

/** What the store asks of either driver. Faults are thrown as the driver reports them. */
export interface Database {
  /**
   * One statement in a transaction of its own. Its answer is waited for no longer than the timeout;
   * then the connection is closed, and whether the statement took effect is unknown.
   */
  readonly query: Query;
  /** Several statements in one READ COMMITTED transaction, rolled back if `run` throws. */
  transaction<T>(run: (tx: PostgresQueryable) => Promise<T>): Promise<T>;
  /** Undefined where no connection can be spared for it. `onEnd` says that nothing is heard any more. */
  readonly listen:
    | ((
        channel: string,
        onNotification: (payload: string) => void,
        onEnd: () => void,
      ) => Promise<() => Promise<void>>)
    | undefined;
}

export function createDatabase(client: PostgresClient, timeoutMs: number): Database {
  return isPglite(client) ? pgliteDatabase(client, timeoutMs) : pgDatabase(client, timeoutMs);
}
