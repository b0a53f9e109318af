import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredRecord } from '@twiceproof/core';
import { corrupt, type Placed, recordOf, recordText } from '@twiceproof/record-logic';

const schema = `
  CREATE TABLE IF NOT EXISTS twiceproof_records (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    expires_at INTEGER,
    record TEXT NOT NULL,
    outcome BLOB
  ) STRICT;
  CREATE INDEX IF NOT EXISTS twiceproof_records_expiry
    ON twiceproof_records (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS twiceproof_fence (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    last INTEGER NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO twiceproof_fence VALUES (1, 0);
`;

interface Row {
  readonly seq: number;
  readonly id: string;
  readonly record: string;
  readonly outcome: Uint8Array | null;
  readonly bytes: number | null;
}

/** The rows of the file. To be used inside of a transaction. */
export interface Table {
  /** @throws IdempotencyError `RECORD_CORRUPT` for a record that cannot be read. */
  read(id: string): StoredRecord | undefined;
  add(record: StoredRecord, seq: number): void;
  change(record: StoredRecord): void;
  remove(id: string): boolean;
  /** At most `count` records, newest first, whose `seq` is smaller than this one. */
  before(seq: number, count: number): readonly Placed[];
  /** Rises with every claim, whatever was removed. */
  nextFence(): number;
  /** Removes a few records that expired before `now`. */
  sweep(now: number): void;
}

/** Expired records that one transaction removes at most. */
const sweptAtOnce = 50;

/** To be called inside of a writing transaction: makes what is not there yet. */
export function openTable(db: DatabaseSync): Table {
  db.exec(schema);
  const columns = 'seq, id, record, length(outcome) AS bytes';
  const all = 'SELECT seq, id, record, outcome, length(outcome) AS bytes FROM twiceproof_records';
  const read = db.prepare(`${all} WHERE id = ?`);
  const before = db.prepare(
    `SELECT ${columns} FROM twiceproof_records WHERE seq < ? ORDER BY seq DESC LIMIT ?`,
  );
  const add = db.prepare(
    'INSERT INTO twiceproof_records (expires_at, record, outcome, id, seq) VALUES (?, ?, ?, ?, ?)',
  );
  const change = db.prepare(
    'UPDATE twiceproof_records SET expires_at = ?, record = ?, outcome = ? WHERE id = ?',
  );
  const remove = db.prepare('DELETE FROM twiceproof_records WHERE id = ?');
  const fence = db.prepare('UPDATE twiceproof_fence SET last = last + 1 RETURNING last');
  const sweep = db.prepare(`DELETE FROM twiceproof_records WHERE seq IN (
    SELECT seq FROM twiceproof_records WHERE expires_at <= ? ORDER BY expires_at LIMIT ${sweptAtOnce})`);

  return {
    read(id) {
      const row = first(read, keyOf(id));
      if (row === undefined) return undefined;
      const record = toRecord(row);
      if (record?.id === id) return record;
      throw corrupt('the SQLite file', id);
    },
    add: (record, seq) => void add.run(...valuesOf(record), seq),
    change: (record) => void change.run(...valuesOf(record)),
    remove: (id) => remove.run(keyOf(id)).changes === 1,
    before: (seq, count) =>
      (before.all(seq, count) as unknown as Row[]).map((row) => ({
        seq: row.seq,
        record: toRecord(row),
      })),
    nextFence: () => (fence.get() as { last: number }).last,
    sweep: (now) => void sweep.run(now),
  };
}

function first(statement: StatementSync, key: string): Row | undefined {
  return statement.get(key) as Row | undefined;
}

/** JSON keeps what UTF-8 and the text of SQLite cannot: lone surrogates and U+0000. */
function keyOf(id: string): string {
  return JSON.stringify(id);
}

function valuesOf(record: StoredRecord) {
  const { expiresAt = null, outcome = null } = record;
  return [expiresAt, recordText(record), outcome, keyOf(record.id)] as const;
}

function toRecord({ record: text, outcome, bytes }: Row): StoredRecord | undefined {
  return recordOf({ text, outcome: outcome ?? undefined, outcomeBytes: bytes ?? undefined });
}
