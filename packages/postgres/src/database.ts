import type { PostgresQueryable } from './client.ts';
import type { Names } from './names.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface DatabaseOptions {
  readonly names: Names;
  readonly timeoutMs: number;
  /** Whether the store may open connections of its own, beside those of the pool. */
  readonly ownConnections: boolean;
  /** Whether frequent statements may be prepared by name. */
  readonly prepare: boolean;
}

export interface QueryOptions {
  /**
   * Not to wait behind the application's own queries: where the pool has no connection free, one of
   * the store's own is used. For what keeps a lease, or ends it.
   */
  readonly urgent?: boolean;
  /** Whether its text is one of a few that are sent again and again. */
  readonly frequent?: boolean;
}

/** What the store asks of either driver. Faults are thrown as the driver reports them. */
export interface Database {
  /**
   * One statement in a transaction of its own. Its answer is waited for no longer than the timeout;
   * then the connection is closed, and whether the statement took effect is unknown. A connection that
   * leads to the wrong server is closed, and the statement sent over another one; so is a statement that was
   * prepared in a session which is no longer ours.
   */
  query(text: string, params?: unknown[], options?: QueryOptions): Promise<readonly Row[]>;
  /**
   * Several statements in one READ COMMITTED transaction, rolled back if `run` throws. Waits for the
   * beginning and the end of it no longer than the timeout.
   */
  transaction<T>(run: (tx: PostgresQueryable) => Promise<T>, options?: QueryOptions): Promise<T>;
  /**
   * A statement that is kept whatever becomes of `tx`, which is open and has done nothing yet that would
   * be missed. Nobody who waits for a lock of `tx` comes in between.
   */
  beside(tx: PostgresQueryable, text: string): Promise<Row>;
  /** What the server says a session does; undefined where there is no network between. */
  readonly sessionState: ((pid: number) => Promise<string | undefined>) | undefined;
  /** Whether others may wait for the connection of a transaction that is open. */
  isWaitedFor(): boolean;
  /** Undefined where no connection can be spared for it. `onEnd` says that nothing is heard any more. */
  readonly listen:
    | ((
        channel: string,
        onNotification: (payload: string) => void,
        onEnd: () => void,
      ) => Promise<() => Promise<void>>)
    | undefined;
  /** Closes the connections of the store's own. */
  close(): Promise<void>;
}
