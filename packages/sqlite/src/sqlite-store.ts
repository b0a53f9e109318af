import type { Settlement, Store, StoreOptions } from '@twiceproof/core';
import {
  checkQuery,
  completing,
  counts,
  examinedPerPage,
  extended,
  isAt,
  isPaused,
  pageOf,
  placeOf,
  releasing,
  renewed,
  type Settle,
} from '@twiceproof/record-logic';
import { createAcquire } from './acquire.ts';
import { checkOptions, type SqliteStoreOptions } from './options.ts';
import { createQueue } from './queue.ts';
import type { StoreContext } from './store-context.ts';
import type { Table } from './table.ts';
import { type SqliteReport, verify } from './verify.ts';

/** A store with every optional method that a file has a use for. */
export type SqliteStore = Store &
  Required<Pick<Store, 'close' | 'extend' | 'setup'>> & {
    /** What is wrong with the file, and endangers records. Changes nothing. */
    verify(): Promise<SqliteReport>;
  };

/**
 * Keeps records in an SQLite file, which all processes of one machine may share. Uses the SQLite
 * that Node 22.13 and newer have built in.
 *
 * Claims and settlements of one tick share one transaction, and none is answered before it is on the
 * disk. The clock is the machine's.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` for an unknown option or a bad value.
 *
 * @example
 * ```ts
 * import { createIdempotency } from '@twiceproof/core';
 * import { sqliteStore } from '@twiceproof/sqlite';
 *
 * const store = sqliteStore({ path: 'idempotency.db' });
 * const idempotency = createIdempotency({ environment: 'prod', store });
 * ```
 */
export function sqliteStore(options: SqliteStoreOptions): SqliteStore {
  const checked = checkOptions(options);
  const { source, maxRecordBytes } = checked;
  const queue = createQueue(checked);
  const context: StoreContext = { queue };
  const settle = (id: string, end: Settle, options: StoreOptions | undefined) =>
    queue.write((table, now): Settlement => {
      const settlement = end(find(table, id, now, options), now);
      if (settlement.status === 'done') table.change(settlement.record);
      return settlement;
    }, options);

  return {
    name: 'sqlite',
    limits: { maxRecordBytes },

    acquire: createAcquire(context),

    renew: (id, token, leaseMs, options) =>
      queue.write((table, now) => {
        const found = find(table, id, now, options);
        const record = found && renewed(found, token, leaseMs, now);
        if (record === undefined) return undefined;
        table.change(record);
        return { remainingMs: leaseMs };
      }, options),

    complete: (id, token, outcome, options) =>
      settle(id, completing(token, outcome, maxRecordBytes), options),

    release: (id, token, failure, options) =>
      settle(id, releasing(token, failure, maxRecordBytes), options),

    get: (id, options) => queue.read((table, now) => find(table, id, now, options), options),

    delete: (id, options) =>
      queue.write((table, now) => {
        const { version } = options ?? {};
        // Without a version, a record that cannot be read is deleted as well.
        const record = readable(() => find(table, id, now, options), version);
        if (record === undefined || (record !== 'corrupt' && !isAt(record, version))) return false;
        return table.remove(id);
      }, options),

    async list(query, options) {
      checkQuery(query);
      return queue.read((table, now) => {
        const found = table.before(placeOf(query), examinedPerPage);
        return pageOf(found, query, now, isPaused(options));
      }, options);
    },

    extend: (id, retentionMs, options) =>
      queue.write((table, now) => {
        const found = find(table, id, now, options);
        const record = found && extended(found, retentionMs, options?.version, now);
        if (record !== undefined) table.change(record);
        return record;
      }, options),

    /** The first request makes the tables as well; this tells early whether the file can be used. It removes
     * nothing: what expired may be what paused retirement keeps. */
    setup: () => queue.write(() => {}, { retirement: 'paused' }),

    verify: async () => verify(source),

    async close() {
      queue.close();
    },
  };
}

function find(table: Table, id: string, now: number, options: StoreOptions | undefined) {
  const record = table.read(id);
  return record && counts(record, now, isPaused(options)) ? record : undefined;
}

function readable<Found>(find: () => Found, version: string | undefined): Found | 'corrupt' {
  try {
    return find();
  } catch (error) {
    if (version !== undefined) throw error;
    return 'corrupt';
  }
}
