import type { DatabaseSync } from 'node:sqlite';
import { checkCount, checkNames, invalidOption } from '@twiceproof/core/toolkit';

/** What {@link sqliteStore} takes: a `path` or a `client`. */
export interface SqliteStoreOptions {
  /** The file, which is made when it is not there. The store opens and closes it. */
  readonly path?: string | undefined;
  /** An open database of yours, whose pragmas stay as they are and which you close. */
  readonly client?: DatabaseSync | undefined;
  /** Milliseconds that a request waits for other writers of the file. 5,000 unless given. */
  readonly busyTimeoutMs?: number | undefined;
  /** How large one record may be. 16 MiB unless given, 256 MiB at most. */
  readonly maxRecordBytes?: number | undefined;
}

const known: readonly string[] = [
  'path',
  'client',
  'busyTimeoutMs',
  'maxRecordBytes',
] satisfies readonly (keyof SqliteStoreOptions)[];

const mebibyte = 1024 * 1024;

/** {@link SqliteStoreOptions}, checked. */
export interface CheckedOptions {
  readonly source: string | DatabaseSync;
  readonly busyTimeoutMs: number;
  readonly maxRecordBytes: number;
}

export function checkOptions(options: SqliteStoreOptions): CheckedOptions {
  checkNames(options, known, 'sqliteStore');
  const { path, client, busyTimeoutMs = 5_000, maxRecordBytes = 16 * mebibyte } = options;
  checkCount(busyTimeoutMs, 'busyTimeoutMs', 600_000);
  checkCount(maxRecordBytes, 'maxRecordBytes', 256 * mebibyte);
  if ((path === undefined) === (client === undefined)) {
    throw invalidOption('sqliteStore takes either a path or a client; give one of them');
  }
  if (client !== undefined) {
    if (typeof client?.prepare !== 'function' || typeof client.exec !== 'function') {
      throw invalidOption('client is not a DatabaseSync of node:sqlite; give one, or a path');
    }
    return { source: client, busyTimeoutMs, maxRecordBytes };
  }
  if (typeof path !== 'string' || path.trim() === '') {
    throw invalidOption('path is not the name of a file; give one');
  }
  if (path === ':memory:' || path.includes('\0')) {
    throw invalidOption('path names no file; give one, or use @twiceproof/memory');
  }
  return { source: path, busyTimeoutMs, maxRecordBytes };
}
