/**
 * The clients that the store works with, described by what it needs of them: a `Pool` of `pg` (or of
 * anything that behaves like it) and PGlite. The store never opens or closes them.
 */

export interface PostgresQueryable {
  query(text: string, params?: unknown[]): Promise<{ rows: unknown[] }>;
}

export interface PostgresNotification {
  readonly channel: string;
  readonly payload?: string | undefined;
}

/** A connection that was checked out of a pool. */
export interface PostgresConnection extends PostgresQueryable {
  /** Gives the connection back; with an error or `true` it is closed instead of used again. */
  release(destroy?: Error | boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'notification', listener: (notification: PostgresNotification) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(
    event: 'notification',
    listener: (notification: PostgresNotification) => void,
  ): unknown;
}

/** `Pool` of `pg`. */
export interface PostgresPool extends PostgresQueryable {
  connect(): Promise<PostgresConnection>;
  /** Read for `max` alone: a pool of one connection cannot spare one for notifications. */
  readonly options?: { readonly max?: number | undefined } | undefined;
}

/** An instance of PGlite. */
export interface PgliteClient extends PostgresQueryable {
  transaction<T>(run: (tx: PostgresQueryable) => Promise<T>): Promise<T>;
  listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>>;
}

export type PostgresClient = PostgresPool | PgliteClient;

export function isPglite(client: PostgresClient): client is PgliteClient {
  return typeof (client as PgliteClient).transaction === 'function';
}
