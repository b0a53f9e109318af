import type { DatabaseSync } from 'node:sqlite';
import { sqliteOfNode, toFault } from './open-file.ts';

/** Something that is wrong with the file. */
export interface SqliteProblem {
  readonly code: 'FILE_DAMAGED' | 'NOT_WAL' | 'NOT_DURABLE';
  readonly message: string;
}

/** What `verify()` found. */
export interface SqliteReport {
  readonly problems: readonly SqliteProblem[];
  /** 0: the clock is the machine's, and a file is on it. */
  readonly clockOffsetMs: number;
}

/** Looks for damage in the file, and whether its readers wait for its writers, and these for the disk.
 * Changes nothing. It is given no more than the file: its types are published, and the table's are not. */
export function verify(source: string | DatabaseSync): SqliteReport {
  try {
    if (typeof source !== 'string') return report(source);
    const { DatabaseSync } = sqliteOfNode();
    const file = new DatabaseSync(source, { readOnly: true });
    try {
      return report(file);
    } finally {
      file.close();
    }
  } catch (error) {
    throw toFault(error);
  }
}

/** Of the pragma `synchronous`. */
const full = 2;

function report(db: DatabaseSync): SqliteReport {
  const ask = (pragma: string) => Object.values(db.prepare(`PRAGMA ${pragma}`).get() ?? {})[0];
  const problems: SqliteProblem[] = [];
  const found = String(ask('quick_check(1)'));
  if (found !== 'ok') {
    const message = `SQLite finds damage: ${found}; restore the file from a backup`;
    problems.push({ code: 'FILE_DAMAGED', message });
  }
  const mode = String(ask('journal_mode'));
  if (mode !== 'wal') {
    const message = `its journal_mode is '${mode}', so that readers wait for writers; set it with PRAGMA journal_mode = WAL`;
    problems.push({ code: 'NOT_WAL', message });
  }
  if (Number(ask('synchronous')) < full) {
    const message =
      'its synchronous is less than FULL, so a power cut loses records that were acknowledged; set it with PRAGMA synchronous = FULL';
    problems.push({ code: 'NOT_DURABLE', message });
  }
  return { problems, clockOffsetMs: 0 };
}
