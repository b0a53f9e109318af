import { checkCount, checkNames, checkSwitch, invalidOption } from '@twiceproof/core/toolkit';
import type { MysqlClient } from './client.ts';

/** What {@link mysqlStore} takes. */
export interface MysqlStoreOptions {
  /** A pool of mysql2/promise. It stays yours: the store never ends it. */
  readonly client: MysqlClient;
  /** Name of the table, with its database where that is not the pool's. Default `twiceproof_records`. */
  readonly table?: string | undefined;
  /** How large one record may be. 8 MiB unless given, 512 MiB at most; `max_allowed_packet` of the server
   * has to be larger. */
  readonly maxRecordBytes?: number | undefined;
  /**
   * Whether heartbeats and settlements may use up to two connections of the store's own, made like the
   * pool's, which are opened only while the pool has none free, and closed after one request. `false`: they
   * wait behind the application's own queries, and may come too late. `true` unless given.
   */
  readonly ownConnections?: boolean | undefined;
}

const known: readonly string[] = [
  'client',
  'table',
  'maxRecordBytes',
  'ownConnections',
] satisfies readonly (keyof MysqlStoreOptions)[];

const mebibyte = 1024 * 1024;

/** {@link MysqlStoreOptions}, checked. */
export interface CheckedOptions {
  readonly client: MysqlClient;
  readonly table: string;
  readonly maxRecordBytes: number;
  readonly ownConnections: boolean;
}

export function checkOptions(options: MysqlStoreOptions): CheckedOptions {
  checkNames(options, known, 'mysqlStore');
  const { client, table = 'twiceproof_records' } = options;
  const { maxRecordBytes = 8 * mebibyte, ownConnections = true } = options;
  if (typeof client?.getConnection !== 'function' || 'promise' in client) {
    throw invalidOption(
      'client is not a pool of mysql2/promise; give createPool(…) of mysql2/promise, or promise() of the pool that you have',
    );
  }
  if (typeof table !== 'string' || !/^[\w$]{1,64}(?:\.[\w$]{1,64})?$/.test(table)) {
    throw invalidOption(
      `table is ${JSON.stringify(table)}; give a name of letters, digits, _ and $, with its database where needed: db.table`,
    );
  }
  checkCount(maxRecordBytes, 'maxRecordBytes', 512 * mebibyte);
  checkSwitch(ownConnections, 'ownConnections');
  return { client, table, maxRecordBytes, ownConnections };
}
