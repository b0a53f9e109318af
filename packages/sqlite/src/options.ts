import type { DatabaseSync } from 'node:sqlite';
import { IdempotencyError } from '@twiceproof/core';

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
  if (typeof options !== 'object' || options === null) {
    throw invalid('sqliteStore takes an object with a path or a client');
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw invalid(`sqliteStore has no option '${name}'; it takes ${known.join(', ')}`);
    }
  }
  const { path, client, busyTimeoutMs = 5_000, maxRecordBytes = 16 * mebibyte } = options;
  checkCount('busyTimeoutMs', busyTimeoutMs, 600_000);
  checkCount('maxRecordBytes', maxRecordBytes, 256 * mebibyte);
  if ((path === undefined) === (client === undefined)) {
    throw invalid('sqliteStore takes either a path or a client; give one of them');
  }
  if (client !== undefined) {
    if (typeof client?.prepare !== 'function' || typeof client.exec !== 'function') {
      throw invalid('client is not a DatabaseSync of node:sqlite; give one, or a path');
    }
    return { source: client, busyTimeoutMs, maxRecordBytes };
  }
  if (typeof path !== 'string' || path.trim() === '') {
    throw invalid('path is not the name of a file; give one');
  }
  if (path === ':memory:' || path.includes('\0')) {
    throw invalid('path names no file; give one, or use @twiceproof/memory');
  }
  return { source: path, busyTimeoutMs, maxRecordBytes };
}

function checkCount(name: string, value: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > most) {
    throw invalid(`${name} is ${String(value)}; give a whole number from 1 to ${most}`);
  }
}

function invalid(message: string): IdempotencyError<'OPTIONS_INVALID'> {
  return new IdempotencyError('OPTIONS_INVALID', message);
}
