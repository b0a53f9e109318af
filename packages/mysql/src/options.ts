import { checkCount, checkNames, invalidOption } from '@twiceproof/core/toolkit';
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
}

const known: readonly string[] = [
  'client',
  'table',
  'maxRecordBytes',
] satisfies readonly (keyof MysqlStoreOptions)[];

const mebibyte = 1024 * 1024;

/** {@link MysqlStoreOptions}, checked. */
export interface CheckedOptions {
  readonly client: MysqlClient;
  readonly table: string;
  readonly maxRecordBytes: number;
}

export function checkOptions(options: MysqlStoreOptions): CheckedOptions {
  checkNames(options, known, 'mysqlStore');
  const { client, table = 'twiceproof_records', maxRecordBytes = 8 * mebibyte } = options;
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
  return { client, table, maxRecordBytes };
}
