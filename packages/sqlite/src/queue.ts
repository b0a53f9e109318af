import type { DatabaseSync } from 'node:sqlite';
import { IdempotencyError, type StoreOptions } from '@twiceproof/core';
import { isBusy, openFile, toFault } from './open-file.ts';
import type { CheckedOptions } from './options.ts';
import { openTable, type Table } from './table.ts';

/** What a request does in its transaction; `now` was read after the file was locked. */
type Work<Answer> = (table: Table, now: number) => Answer;

/**
 * Requests wait for the end of the tick and share one transaction, so that the disk is waited for
 * once. A file that another process writes is asked again later: meanwhile the event loop goes on.
 */
export interface Queue {
  read<Answer>(work: Work<Answer>, options: StoreOptions | undefined): Promise<Answer>;
  write<Answer>(work: Work<Answer>, options: StoreOptions | undefined): Promise<Answer>;
  close(): void;
}

interface Waiting {
  readonly work: Work<unknown>;
  readonly isWrite: boolean;
  readonly options: StoreOptions | undefined;
  readonly until: number;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/** How long one transaction holds the event loop, and other processes, before the next begins. */
const longestTurnMs = 10;
const shortestPauseMs = 1;
const longestPauseMs = 20;

export function createQueue({ source, busyTimeoutMs }: CheckedOptions): Queue {
  let db: DatabaseSync | undefined;
  let table: Table | undefined;
  let line: Waiting[] = [];
  let isScheduled = false;
  let isClosed = false;
  let pauseMs = shortestPauseMs;

  const schedule = (isBlocked: boolean) => {
    if (isScheduled || line.length === 0) return;
    isScheduled = true;
    if (!isBlocked) {
      setImmediate(turn);
      return;
    }
    // At random, so that processes that wait for each other do not meet again.
    setTimeout(turn, pauseMs * (0.5 + Math.random()));
    pauseMs = Math.min(2 * pauseMs, longestPauseMs);
  };

  const turn = () => {
    isScheduled = false;
    line = line.filter(isWanted);
    if (line.length === 0) return;
    try {
      transact();
      pauseMs = shortestPauseMs;
      schedule(false);
    } catch (error) {
      const isBlocked = isBusy(error);
      const given = toFault(error);
      const now = performance.now();
      const over = isBlocked ? line.filter(({ until }) => until <= now) : line;
      line = isBlocked ? line.filter(({ until }) => until > now) : [];
      for (const { reject } of over) reject(given);
      schedule(true);
    }
  };

  /** Throws with nothing changed and nobody answered, or answers those whom it takes out of the line. */
  const transact = () => {
    db ??= typeof source === 'string' ? openFile(source) : source;
    const isWriting = table === undefined || line.some(({ isWrite }) => isWrite);
    db.exec(isWriting ? 'BEGIN IMMEDIATE' : 'BEGIN');
    const answers: (() => void)[] = [];
    let isCommitted = false;
    try {
      const open = table ?? openTable(db);
      const now = Date.now();
      const end = performance.now() + longestTurnMs;
      for (const waiting of line) {
        answers.push(answer(waiting, open, now));
        if (performance.now() > end) break;
      }
      if (line.some(({ isWrite }) => isWrite) && !line.some(isPaused)) open.sweep(now);
      db.exec('COMMIT');
      isCommitted = true;
      table = open;
    } finally {
      if (!isCommitted) rollBack(db);
    }
    line = line.slice(answers.length);
    for (const say of answers) say();
  };

  const ask = <Answer>(isWrite: boolean, work: Work<Answer>, options?: StoreOptions) =>
    new Promise<Answer>((resolve, reject) => {
      if (isClosed) return reject(closed());
      const until = performance.now() + busyTimeoutMs;
      line.push({ work, isWrite, options, until, resolve: resolve as () => void, reject });
      schedule(false);
    });

  return {
    read: (work, options) => ask(false, work, options),
    write: (work, options) => ask(true, work, options),
    close() {
      isClosed = true;
      for (const { reject } of line) reject(closed());
      line = [];
      if (typeof source === 'string') db?.close();
      db = undefined;
    },
  };
}

/** An error of one record is told to who asked for it; an error of SQLite ends the transaction. */
function answer({ work, resolve, reject }: Waiting, table: Table, now: number): () => void {
  try {
    const given = work(table, now);
    return () => resolve(given);
  } catch (error) {
    if (!(error instanceof IdempotencyError)) throw error;
    return () => reject(error);
  }
}

/** Nobody hears of a request whose caller gave up; it does nothing. */
function isWanted({ options, reject }: Waiting): boolean {
  if (!options?.signal?.aborted) return true;
  reject(options.signal.reason);
  return false;
}

function isPaused({ options }: Waiting): boolean {
  return options?.retirement === 'paused';
}

/** SQLite has rolled back by itself after some errors, and then refuses to. */
function rollBack(db: DatabaseSync): void {
  try {
    db.exec('ROLLBACK');
  } catch {}
}

function closed(): IdempotencyError<'STORE_UNAVAILABLE'> {
  return new IdempotencyError('STORE_UNAVAILABLE', 'the SQLite store is closed; make another');
}
