import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * One line of the ledger: an effect that began, or one that is done. The ledger is what providers know,
 * and the witness that is read back at the end; what is executed is decided without it.
 */
export interface LedgerLine {
  readonly phase: 'begin' | 'done';
  readonly effect: string;
  readonly order: string;
  readonly run: number;
  /** Record id of the step: what the effect must happen once for. */
  readonly step: string;
  /** Tells the attempts of one step apart. */
  readonly fence: number;
  /** What the provider was given as its idempotency key. */
  readonly downstreamKey: string;
  /** What the provider answered; with `done`. */
  readonly result?: unknown;
  readonly worker: number;
  readonly at: string;
}

export interface Ledger {
  readonly path: string;
  /** Answers how long the ledger was before. */
  append(line: Omit<LedgerLine, 'worker' | 'at'>): number;
  /** The lines that were appended after it was `since` bytes long. */
  readFrom(since: number): string[];
  close(): void;
}

/** Opens the ledger for appending: one write per line with O_APPEND, so processes never mix lines. */
export function openLedger(path: string): Ledger {
  const file = openSync(path, 'a+');
  return {
    path,
    append(line) {
      const entry: LedgerLine = { ...line, worker: process.pid, at: new Date().toISOString() };
      const { size } = fstatSync(file);
      writeSync(file, `${JSON.stringify(entry)}\n`);
      return size;
    },
    readFrom(since) {
      const bytes = Buffer.alloc(fstatSync(file).size - since);
      const length = readSync(file, bytes, 0, bytes.length, since);
      return bytes.toString('utf8', 0, length).split('\n').slice(0, -1);
    },
    close: () => closeSync(file),
  };
}

/** Ends a line that a power cut left unfinished, so that the next one stands alone. Answers the size. */
export function mendLedger(path: string): number {
  const file = openSync(path, 'a+');
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    if (size === 0 || readSync(file, last, 0, 1, size - 1) === 0 || last.toString() === '\n') {
      return size;
    }
    writeSync(file, '\n');
    return size + 1;
  } finally {
    closeSync(file);
  }
}
