import { IdempotencyError } from '@twiceproof/core';
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
  if (typeof options !== 'object' || options === null) {
    throw invalid('mysqlStore takes an object with a client');
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw invalid(`mysqlStore has no option '${name}'; it takes ${known.join(', ')}`);
    }
  }
  const { client, table = 'twiceproof_records', maxRecordBytes = 8 * mebibyte } = options;
  if (typeof client?.getConnection !== 'function' || 'promise' in client) {
    throw invalid(
      'client is not a pool of mysql2/promise; give createPool(…) of mysql2/promise, or promise() of the pool that you have',
    );
  }
  if (typeof table !== 'string' || !/^[\w$]{1,64}(?:\.[\w$]{1,64})?$/.test(table)) {
    throw invalid(
      `table is ${JSON.stringify(table)}; give a name of letters, digits, _ and $, with its database where needed: db.table`,
    );
  }
  if (
    !Number.isSafeInteger(maxRecordBytes) ||
    maxRecordBytes < 1 ||
    maxRecordBytes > 512 * mebibyte
  ) {
    const most = 512 * mebibyte;
    throw invalid(
      `maxRecordBytes is ${String(maxRecordBytes)}; give a whole number from 1 to ${most}`,
    );
  }
  return { client, table, maxRecordBytes };
}

function invalid(message: string): IdempotencyError<'OPTIONS_INVALID'> {
  return new IdempotencyError('OPTIONS_INVALID', message);
}
