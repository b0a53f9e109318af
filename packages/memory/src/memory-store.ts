import type {
  Acquisition,
  Claim,
  EncodedOutcome,
  ErrorNote,
  FailureNote,
  Settlement,
  Store,
  StoreOptions,
} from '@idemkit/core';
import { IdempotencyError } from '@idemkit/core';
import { claimed, type Entry, filled, note, pack, reclaim, toRecord, versionOf } from './entry.ts';
import { list } from './list.ts';
import { checkOptions, type MemoryStoreOptions } from './options.ts';
import { bytesBesideOutcome } from './record-size.ts';
import { createTable } from './table.ts';
import { createTime } from './time.ts';
import { createWatchers } from './watchers.ts';

export type { MemoryStoreOptions } from './options.ts';

/** A {@link Store} with every optional method that memory can offer. */
export type MemoryStore = Store & Required<Pick<Store, 'extend' | 'fill' | 'watch'>>;

/**
 * Keeps records in this process: the authority for a program of one process, for development and
 * for tests, or a fast tier before a store that all processes share.
 *
 * Every operation is one synchronous step, so claims exclude each other without a lock. Nothing is
 * kept when the process ends.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` for an unknown option or a bad value.
 *
 * @example
 * ```ts
 * import { createIdempotency } from '@idemkit/core';
 * import { memoryStore } from '@idemkit/memory';
 *
 * const idempotency = createIdempotency({ environment: 'dev', store: memoryStore() });
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const { maxRecords, maxRecordBytes, clock } = checkOptions(options);
  const time = createTime(clock);
  const table = createTable(maxRecords);
  const watchers = createWatchers();
  // One counter for all record ids: it rises also for an id whose record is gone.
  let fence = 0;

  const settle = (
    id: string,
    token: string,
    status: 'completed' | 'failed',
    end: { retentionMs: number | null; error: ErrorNote | undefined; bytes?: Uint8Array } & {
      traceparent: string | undefined;
    },
    options: StoreOptions | undefined,
  ): Settlement => {
    const entry = table.own(id, time.now(), isPaused(options));
    if (entry?.token !== token) return { status: 'lost' };
    if (entry.status === status) return { status: 'already_done', record: toRecord(entry, time) };
    if (entry.status !== 'in_progress') return { status: 'lost' };
    const recordBytes = bytesBesideOutcome(entry) + (end.bytes?.byteLength ?? 0);
    if (recordBytes > maxRecordBytes) return { status: 'too_large', recordBytes, maxRecordBytes };
    const stamp = time.stamp();
    entry.status = status;
    entry.completedAt = stamp;
    entry.expiresAt = end.retentionMs === null ? undefined : stamp + end.retentionMs;
    entry.outcome = end.bytes && pack(end.bytes);
    entry.lastError = end.error && note(end.error);
    entry.traceparent = end.traceparent ?? entry.traceparent;
    table.changed(entry);
    watchers.wake(id);
    return { status: 'done', record: toRecord(entry, time) };
  };

  const acquire = (claim: Claim, options: StoreOptions | undefined): Acquisition => {
    const now = time.now();
    const paused = isPaused(options);
    const found = table.own(claim.id, now, paused);
    if (found !== undefined) {
      const isMine = found.status === 'in_progress' && found.token === claim.token;
      if (isMine || !isClaimable(found, claim, now)) {
        return {
          status: isMine ? 'acquired' : 'existing',
          record: toRecord(found, time),
          leaseRemainingMs: found.leaseUntil - now,
        };
      }
      fence += 1;
      reclaim(found, claim, fence, time.stamp());
      table.changed(found);
      return answerClaimed(found, claim);
    }
    const copy = table.copy(claim.id, now);
    if (copy !== undefined) {
      const leaseRemainingMs = copy.leaseUntil - now;
      return { status: 'existing', record: toRecord(copy, time), leaseRemainingMs };
    }
    table.remove(claim.id);
    if (!table.makeRoom(now, paused)) throw full(claim.id, maxRecords);
    fence += 1;
    const entry = claimed(claim, table.nextSeq(), fence, time.stamp());
    table.add(entry);
    return answerClaimed(entry, claim);
  };

  const answerClaimed = (entry: Entry, claim: Claim): Acquisition => ({
    status: 'acquired',
    record: toRecord(entry, time),
    leaseRemainingMs: claim.leaseMs,
  });

  const isClaimable = (entry: Entry, claim: Claim, now: number) => {
    if (isAboutAnotherPayload(entry, claim)) return false;
    const isLive = entry.status === 'in_progress' && now < entry.leaseUntil;
    if (isLive) return false;
    if (claim.supersedes !== undefined) return versionOf(entry, time) === claim.supersedes;
    if (entry.status === 'in_progress') return claim.abandoned === 'reexecute';
    return entry.status === 'failed';
  };

  const isAt = (entry: Entry, version: string | undefined) =>
    version === undefined || versionOf(entry, time) === version;

  return {
    name: 'memory',
    limits: { maxRecordBytes },

    async acquire(claim, options) {
      return acquire(claim, options);
    },

    async renew(id, token, leaseMs, options) {
      const entry = table.own(id, time.now(), isPaused(options));
      if (entry?.status !== 'in_progress' || entry.token !== token) return undefined;
      const leaseUntil = time.stamp() + leaseMs;
      if (entry.expiresAt !== undefined) entry.expiresAt += leaseUntil - entry.leaseUntil;
      entry.leaseUntil = leaseUntil;
      table.changed(entry);
      return { remainingMs: leaseMs };
    },

    async complete(id, token, outcome: EncodedOutcome, options) {
      const { bytes, retentionMs, lastError: error, traceparent } = outcome;
      return settle(id, token, 'completed', { bytes, retentionMs, error, traceparent }, options);
    },

    async release(id, token, failure: FailureNote, options) {
      const { error, retentionMs, traceparent } = failure;
      return settle(id, token, 'failed', { retentionMs, error, traceparent }, options);
    },

    async get(id, options) {
      const now = time.now();
      const entry = table.own(id, now, isPaused(options)) ?? table.copy(id, now);
      return entry && toRecord(entry, time);
    },

    async delete(id, options) {
      const now = time.now();
      const entry = table.own(id, now, isPaused(options)) ?? table.copy(id, now);
      if (entry === undefined || !isAt(entry, options?.version)) return false;
      table.remove(id);
      watchers.wake(id);
      return true;
    },

    async list(query, options) {
      return list(table, time, query, isPaused(options));
    },

    async extend(id, retentionMs, options) {
      const entry = table.own(id, time.now(), isPaused(options));
      if (entry === undefined || entry.status === 'in_progress') return undefined;
      if (!isAt(entry, options?.version)) return undefined;
      entry.expiresAt = retentionMs === null ? undefined : time.stamp() + retentionMs;
      table.changed(entry);
      return toRecord(entry, time);
    },

    async fill(record, ttlMs, options) {
      const now = time.now();
      const paused = isPaused(options);
      if (ttlMs <= 0 || table.own(record.id, now, paused) !== undefined) return;
      const copy = table.copy(record.id, now);
      // A refill that was on its way for long must not put an older record back.
      if (copy !== undefined && copy.fence > record.fence) return;
      table.remove(record.id);
      if (!table.makeRoomForCopy(now, paused)) return;
      table.addCopy(filled(record, Math.floor(now + ttlMs), time));
      fence = Math.max(fence, record.fence);
    },

    async watch(id, signal) {
      const entry = table.own(id, time.now(), false);
      if (entry?.status === 'in_progress') await watchers.wait(id, signal);
    },
  };
}

/** A fingerprint on one side only says nothing: operations may start to have one. */
function isAboutAnotherPayload(entry: Entry, claim: Claim): boolean {
  if (entry.fingerprint === undefined || claim.fingerprint === undefined) return false;
  return entry.fingerprint !== claim.fingerprint;
}

function isPaused(options: StoreOptions | undefined): boolean {
  return options?.retirement === 'paused';
}

function full(recordId: string, maxRecords: number): IdempotencyError<'STORE_UNAVAILABLE'> {
  return new IdempotencyError(
    'STORE_UNAVAILABLE',
    `the memory store holds ${maxRecords} records that must be kept; raise maxRecords, shorten retention, or use a store outside the process`,
    { recordId },
  );
}
