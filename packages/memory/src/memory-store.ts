import type { AtOnce, Store, StoredRecord } from '@twiceproof/core';
import { acquire } from './acquire.ts';
import { copied, type Entry, isOfVersion, isUnknown, toRecord, versionOf } from './entry.ts';
import { list, stats } from './list.ts';
import { checkOptions, type MemoryStoreOptions } from './options.ts';
import { complete, release, shownAtOnce } from './settle.ts';
import { isPaused, type StoreContext } from './store-context.ts';
import { createTable } from './table.ts';
import { createTime, stampOf } from './time.ts';
import { createWatchers } from './watchers.ts';

/** A store with every optional method that memory has a use for. */
export type MemoryStore = Store &
  Required<Pick<Store, 'extend' | 'fill' | 'stats' | 'watch'>> & { readonly atOnce: AtOnce };

/**
 * Keeps records in this process: the authority for a program of one process, for development and
 * for tests, or a fast tier before a store that all processes share.
 *
 * Every operation is one synchronous step, so claims exclude each other without a lock. Nothing
 * outlives the process.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` for an unknown option or a bad value.
 *
 * @example
 * ```ts
 * import { createIdempotency } from '@twiceproof/core';
 * import { memoryStore } from '@twiceproof/memory';
 *
 * const idempotency = createIdempotency({ environment: 'dev', store: memoryStore() });
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const { maxRecords, maxRecordBytes, clock } = checkOptions(options);
  const time = createTime(clock);
  const table = createTable(maxRecords);
  const watchers = createWatchers();
  const context: StoreContext = { time, table, watchers, maxRecords, maxRecordBytes, fence: 0 };

  const find = (id: string, paused: boolean, seen?: StoredRecord) => {
    const now = time.now();
    return table.own(id, now, paused, seen) ?? table.copy(id, now);
  };

  const isAt = (entry: Entry, version: string | undefined) =>
    version === undefined || versionOf(entry, time) === version;

  const asked: AtOnce['of'] = {
    async acquire(claim, options) {
      return acquire(context, claim, options);
    },

    async complete(id, token, outcome, options) {
      return complete(context, id, token, outcome, options);
    },
  };

  return {
    name: 'memory',
    limits: { maxRecordBytes },
    ...asked,

    atOnce: {
      of: asked,
      look(id, options, seen) {
        // Nearly every first call: what has expired elsewhere is removed when it claims.
        if (seen === undefined && table.isVacant(id)) return undefined;
        const entry = find(id, isPaused(options), seen);
        if (entry?.status !== 'completed') return undefined;
        return seen && isOfVersion(entry, seen, time) ? seen : toRecord(entry, time);
      },
      acquire: (claim, options) => acquire(context, claim, options),
      complete: (id, token, outcome, options) =>
        complete(context, id, token, outcome, options, shownAtOnce),
    },

    async renew(id, token, leaseMs, options) {
      const now = time.now();
      const entry = table.own(id, now, isPaused(options));
      if (entry?.status !== 'in_progress' || entry.token !== token) return undefined;
      if (isUnknown(entry)) return undefined;
      const leaseUntil = stampOf(now) + leaseMs;
      if (entry.expiresAt !== undefined) entry.expiresAt += leaseUntil - entry.leaseUntil;
      entry.leaseUntil = leaseUntil;
      table.changed(entry);
      return { remainingMs: leaseMs };
    },

    async release(id, token, failure, options) {
      return release(context, id, token, failure, options);
    },

    async get(id, options) {
      const entry = find(id, isPaused(options));
      return entry && toRecord(entry, time);
    },

    async delete(id, options) {
      const entry = find(id, isPaused(options));
      if (entry === undefined || !isAt(entry, options?.version)) return false;
      table.remove(id);
      watchers.wake(id);
      return true;
    },

    async list(query, options) {
      return list(context, query, isPaused(options));
    },

    async stats(query, options) {
      return stats(context, query, isPaused(options));
    },

    async extend(id, retentionMs, options) {
      const now = time.now();
      const entry = table.own(id, now, isPaused(options));
      if (entry === undefined || entry.status === 'in_progress') return undefined;
      if (!isAt(entry, options?.version)) return undefined;
      entry.expiresAt = retentionMs === null ? undefined : stampOf(now) + retentionMs;
      table.changed(entry);
      return toRecord(entry, time);
    },

    async fill(record, ttlMs, options) {
      const now = time.now();
      const paused = isPaused(options);
      if (table.own(record.id, now, paused) !== undefined) return;
      // A refill that was on its way for long must not put an older record back.
      const copy = table.copy(record.id, now);
      if (copy !== undefined && copy.fence > record.fence) return;
      table.remove(record.id);
      if (ttlMs <= 0 || !table.makeRoomForCopy(now, paused)) return;
      table.addCopy(copied(record, Math.floor(now + ttlMs), time));
      context.fence = Math.max(context.fence, record.fence);
    },

    async watch(id, signal) {
      // A look that removes nothing: what expired may be what paused retirement keeps.
      const entry = table.own(id, time.now(), true);
      if (entry?.status === 'in_progress') await watchers.wait(id, signal);
    },
  };
}
