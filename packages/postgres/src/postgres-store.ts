import type { Store, StoredRecord } from '@twiceproof/core';
import { createOwnClaims } from '@twiceproof/core/toolkit';
import { createAcquire } from './acquire.ts';
import { storable, wholeMs } from './array-literal.ts';
import { isExpired } from './expiry.ts';
import { createSessionCheck } from './isolation.ts';
import { listRecords } from './list.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { type CheckedOptions, checkOptions, type PostgresStoreOptions } from './options.ts';
import { createRequests } from './requests.ts';
import { integer, toRecord } from './row.ts';
import { unpacked } from './row-formats.ts';
import { completion, failed, renewed, settle } from './settle.ts';
import { extend } from './sql/extend.ts';
import { fill, fillParams } from './sql/fill.ts';
import { remove } from './sql/remove.ts';
import { countRecords } from './stats.ts';
import { isPaused, type StoreContext } from './store-context.ts';
import { type SweepOptions, type SweepResult, sweepRecords } from './sweep.ts';
import { type PostgresReport, verify } from './verify.ts';
import { createWatching } from './watch.ts';

/** A {@link Store} in Postgres. `watch` is missing where notifications are turned off. */
export type PostgresStore = Store &
  Required<Pick<Store, 'stats' | 'extend' | 'fill' | 'setup' | 'close'>> & {
    /**
     * Deletes records that expired, in bounded batches, passing by what others are writing. Nothing is
     * ever deleted that still counts. To be called now and then by one process or by several.
     *
     * @throws IdempotencyError `OPTIONS_INVALID` for a bad batch or pause.
     */
    sweep(options?: SweepOptions): Promise<SweepResult>;
    /** Looks at the server, the session and the table for what endangers records. Changes nothing. */
    verify(): Promise<PostgresReport>;
  };

/**
 * Keeps records in a Postgres table, through a `Pool` of `pg` or in PGlite. `setup()` creates the
 * table. The clock of the database decides about leases and retention.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` for an unknown option or a bad value.
 *
 * @example
 * ```ts
 * import { createIdempotency } from '@twiceproof/core';
 * import { postgresStore } from '@twiceproof/postgres';
 * import { Pool } from 'pg';
 *
 * const store = postgresStore({ client: new Pool({ connectionString: 'postgres://localhost/shop' }) });
 * await store.setup();
 * const idempotency = createIdempotency({ environment: 'prod', store });
 * ```
 */
export function postgresStore(options: PostgresStoreOptions): PostgresStore {
  return buildStore(checkOptions(options)).store;
}

/** A store together with what its operations share. */
export interface StoreParts {
  readonly store: PostgresStore;
  readonly context: StoreContext;
}

export function buildStore(options: CheckedOptions): StoreParts {
  const { client, names, timeoutMs, maxRecordBytes, paused, notify } = options;
  const database = openDatabase(client, options);
  const listen = notify ? database.listen : undefined;
  const requests = createRequests(database, names, { timeoutMs, notify });
  const ownClaims = createOwnClaims<StoredRecord>(({ id }) => id);
  const context: StoreContext = {
    names,
    database,
    requests,
    ownClaims,
    timeoutMs,
    maxRecordBytes,
    paused,
    notify,
  };
  const acquire = createAcquire(context);
  const checkSession = createSessionCheck(context);
  const watching = listen && createWatching(context, listen);
  const sql = { extend: extend(names), fill: fill(names), remove: remove(names, notify) };

  const store: PostgresStore = {
    name: 'postgres',
    limits: { maxRecordBytes },

    acquire(claim, options) {
      const checking = checkSession();
      if (!checking) return acquire(claim, options);
      return checking.then(() => acquire(claim, options));
    },

    async renew(id, token, leaseMs, options) {
      const row = await requests.renew({ id, token, leaseMs }, options);
      const own = row && ownClaims.of(id, token);
      if (own) ownClaims.keep(token, renewed(own, row));
      return (
        row && { remainingMs: Math.min(leaseMs, integer(row, 'lease_until') - integer(row, 'now')) }
      );
    },

    async complete(id, token, outcome, options) {
      const recordBytes = outcome.bytes.byteLength;
      if (recordBytes > maxRecordBytes) return { status: 'too_large', recordBytes, maxRecordBytes };
      return settle(context, completion(id, token, outcome), options);
    },

    async release(id, token, failure, options) {
      return settle(context, failed(id, token, failure), options);
    },

    async get(id, options) {
      const row = await requests.read(id, options);
      return row === undefined || isExpired(row, isPaused(context, options))
        ? undefined
        : toRecord(row);
    },

    async delete(id, options) {
      const params = [storable(id), options?.version ?? null, isPaused(context, options)];
      return (await requests.one(sql.remove, params)) !== undefined;
    },

    async list(query, options) {
      return listRecords(context, query, isPaused(context, options));
    },

    async stats(query, options) {
      return countRecords(context, query, isPaused(context, options));
    },

    async extend(id, retentionMs, options) {
      const keptMs = wholeMs(retentionMs);
      const params = [storable(id), keptMs, options?.version ?? null, isPaused(context, options)];
      const row = await requests.one(sql.extend, params);
      return row && toRecord(unpacked(row));
    },

    async fill(record, ttlMs, options) {
      if (ttlMs <= 0) return;
      await requests.one(sql.fill, fillParams(record, ttlMs, isPaused(context, options)));
    },

    async setup() {
      await migrate(database, names);
    },

    async sweep(options = {}) {
      return sweepRecords(context, options);
    },

    verify: () => verify(context, listen),

    ...(watching && { watch: watching.watch }),

    async close() {
      await watching?.close();
      await database.close();
    },
  };
  return { store, context };
}
