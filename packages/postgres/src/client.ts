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
  /** `I` outside of a transaction, `T` within one, `E` within one that failed. Newer `pg` has it. */
  getTransactionStatus?(): string | null | undefined;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'notification', listener: (notification: PostgresNotification) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(
    event: 'notification',
    listener: (notification: PostgresNotification) => void,
  ): unknown;
}

/** A statement with a name, as a connection of `pg` takes it. */
export interface NamedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[] | undefined;
}

/** `Pool` of `pg`. What is optional here is missing in some that behave like it. */
export interface PostgresPool extends PostgresQueryable {
  /**
   * Calls back, where it can: after a promise there would be a moment in which nobody hears of an error.
   */
  connect(
    callback?: (error: Error | undefined, connection: PostgresConnection | undefined) => void,
  ): Promise<PostgresConnection> | undefined;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  /** Read for `max`; and what connections of the store's own are made with. */
  readonly options?: { readonly max?: number | undefined } | undefined;
  /** What its connections are made of. Those of this class can be given a {@link NamedStatement}. */
  // biome-ignore lint/complexity/noBannedTypes: a class of any shape
  readonly Client?: Function | undefined;
  readonly totalCount?: number;
  readonly idleCount?: number;
  readonly waitingCount?: number;
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
