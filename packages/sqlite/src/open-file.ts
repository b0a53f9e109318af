import type { DatabaseSync } from 'node:sqlite';
import { IdempotencyError } from '@twiceproof/core';

/** For the pages of the file that are in use; SQLite takes 2 MiB unless told, which a few hundred lookups fill. */
const cacheKibibytes = 16 * 1024;

/**
 * A connection of the store's own. With a write-ahead log readers and the writer do not wait for each
 * other; FULL waits for the disk at each commit, without which a power cut would lose the last ones.
 */
export function openFile(path: string): DatabaseSync {
  const { DatabaseSync } = sqliteOfNode();
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    db.exec(`PRAGMA cache_size = -${cacheKibibytes}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

export function sqliteOfNode(): typeof import('node:sqlite') {
  const sqlite = process.getBuiltinModule('node:sqlite');
  if (sqlite !== undefined) return sqlite;
  throw new IdempotencyError(
    'STORE_UNAVAILABLE',
    'this Node has no node:sqlite; use 22.13 or newer, or start 22.12 with --experimental-sqlite',
  );
}

const [busy, locked] = [5, 6];

/** Whether somebody else uses the file, or the connection, and will soon be done. */
export function isBusy(error: unknown): boolean {
  const { errcode, message } = error as { readonly errcode?: number; readonly message?: string };
  if (errcode === undefined) return false;
  const primary = errcode & 0xff;
  return primary === busy || primary === locked || /within a transaction/.test(message ?? '');
}

const advice: Readonly<Record<number, string>> = {
  5: 'other writers held the file for longer than busyTimeoutMs; raise it, or keep their transactions short',
  8: 'the file is read-only; give a file that this process may write',
  11: 'the file is damaged; restore it from a backup',
  13: 'the disk is full; make room',
  14: 'the file cannot be opened; check that its folder is there and may be written',
  26: 'the file is not an SQLite database; give another path',
};

/** What can be done about an error of SQLite; other errors stay as they are. */
export function toFault(cause: unknown): unknown {
  const { errcode } = cause as { readonly errcode?: number };
  const text = errcode === undefined ? undefined : advice[errcode & 0xff];
  if (text === undefined) return cause;
  return new IdempotencyError('STORE_UNAVAILABLE', `SQLite: ${text}`, { cause });
}
