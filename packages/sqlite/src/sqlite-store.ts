import { isOutcomeUnknown, recordVersion, type Store, type StoreOptions } from '@twiceproof/core';
import { acquire, judge } from './acquire.ts';
import { counts, endOf, isPaused } from './expiry.ts';
import { checkQuery, list } from './list.ts';
import { checkOptions, type SqliteStoreOptions } from './options.ts';
import { createQueue } from './queue.ts';
import { complete, release } from './settle.ts';
import type { Table } from './table.ts';

/** A store with every optional method that a file has a use for. */
export type SqliteStore = Store & Required<Pick<Store, 'close' | 'extend' | 'setup'>>;

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
  const { maxRecordBytes } = checked;
  const queue = createQueue(checked);

  return {
    name: 'sqlite',
    limits: { maxRecordBytes },

    // A duplicate needs no lock: only where the claim may succeed is the file written.
    async acquire(claim, options) {
      const paused = isPaused(options);
      const answer = await queue.read((table, now) => judge(table, claim, now, paused), options);
      return answer ?? queue.write((table, now) => acquire(table, claim, now, paused), options);
    },

    renew: (id, token, leaseMs, options) =>
      queue.write((table, now) => {
        const record = find(table, id, now, options);
        if (record?.status !== 'in_progress' || record.token !== token) return undefined;
        if (isOutcomeUnknown(record)) return undefined;
        const leaseUntil = Math.ceil(now + leaseMs);
        const { expiresAt } = record;
        const kept = expiresAt && expiresAt + leaseUntil - record.leaseUntil;
        table.change({ ...record, leaseUntil, expiresAt: kept });
        return { remainingMs: leaseMs };
      }, options),

    complete: (id, token, outcome, options) =>
      queue.write((table, now) => {
        const owner = { id, token, now, paused: isPaused(options) };
        return complete(table, owner, outcome, maxRecordBytes);
      }, options),

    release: (id, token, failure, options) =>
      queue.write((table, now) => {
        const owner = { id, token, now, paused: isPaused(options) };
        return release(table, owner, failure, maxRecordBytes);
      }, options),

    get: (id, options) => queue.read((table, now) => find(table, id, now, options), options),

    delete: (id, options) =>
      queue.write((table, now) => {
        const { version } = options ?? {};
        // Without a version, a record that cannot be read is deleted as well.
        const record = readable(() => find(table, id, now, options), version);
        if (record === undefined) return false;
        if (record !== 'corrupt' && version !== undefined && recordVersion(record) !== version) {
          return false;
        }
        return table.remove(id);
      }, options),

    async list(query, options) {
      checkQuery(query);
      return queue.read((table, now) => list(table, query, now, isPaused(options)), options);
    },

    extend: (id, retentionMs, options) =>
      queue.write((table, now) => {
        const record = find(table, id, now, options);
        if (record === undefined || record.status === 'in_progress') return undefined;
        const { version } = options ?? {};
        if (version !== undefined && recordVersion(record) !== version) return undefined;
        const extended = { ...record, expiresAt: endOf(now, retentionMs) };
        table.change(extended);
        return extended;
      }, options),

    /** The first request makes the tables as well; this tells early whether the file can be used. */
    setup: () => queue.write(() => {}, undefined),

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
