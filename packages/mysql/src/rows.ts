import type { StoredRecord } from '@twiceproof/core';
import { corrupt, recordOf, recordText } from '@twiceproof/record-logic';
import type { MysqlConnection } from './client.ts';
import { refuseManualCommit } from './connections.ts';
import { isDuplicate } from './faults.ts';
import type { Statements } from './statements.ts';

/** A row as it was read; a write names it, and changes nothing if it is not as it was. */
export interface Row {
  readonly seq: number;
  readonly rev: number;
  /** Undefined for one that cannot be read. */
  readonly record: StoredRecord | undefined;
}

/** What was read, and when by the server's clock. */
export interface Reading {
  readonly now: number;
  readonly rows: readonly Row[];
}

export async function readRow(
  connection: MysqlConnection,
  { read }: Statements,
  id: string,
): Promise<{ readonly now: number; readonly row: Row | undefined }> {
  const { now, rows } = await reading(connection, read, [keyOf(id)]);
  return { now, row: rows[0] };
}

/** At most 1,000 rows before this place, newest first, without their outcomes. */
export function readPage(
  connection: MysqlConnection,
  { page }: Statements,
  place: number,
): Promise<Reading> {
  return reading(connection, page, [String(place)]);
}

/** The record of a row that was asked for by its id. */
export function readableRecord(row: Row | undefined, id: string): StoredRecord | undefined {
  if (row === undefined) return undefined;
  if (row.record?.id !== id) throw corrupt('MySQL', id);
  return row.record;
}

/** Answers the fence; undefined if there is a row by now. */
export async function addRow(
  connection: MysqlConnection,
  { add }: Statements,
  record: Omit<StoredRecord, 'fence'>,
): Promise<number | undefined> {
  try {
    const { id, expiresAt = null } = record;
    const values = [keyOf(id), expiresAt, Buffer.from(recordText(record))];
    return Number((await written(connection, add, values)).insertId);
  } catch (error) {
    if (isDuplicate(error)) return undefined;
    throw error;
  }
}

/** Answers the fence of the row that takes the other's place; undefined if that was not as it was. */
export async function replaceRow(
  connection: MysqlConnection,
  statements: Statements,
  { seq, rev }: Row,
  record: Omit<StoredRecord, 'fence'>,
): Promise<number | undefined> {
  await connection.query('START TRANSACTION');
  let fence: number | undefined;
  try {
    const { affectedRows } = await written(connection, statements.replace, [`${seq}`, `${rev}`]);
    if (affectedRows === 1) fence = await addRow(connection, statements, record);
  } finally {
    // Whoever gets the connection next must not find it inside of a transaction.
    if (fence === undefined) await connection.query('ROLLBACK');
  }
  if (fence !== undefined) await connection.query('COMMIT');
  return fence;
}

/** Whether the row was as it was read, and is changed now by this statement. */
export async function changeRow(
  connection: MysqlConnection,
  change: string,
  { seq, rev }: Row,
  record: StoredRecord,
): Promise<boolean> {
  const { expiresAt = null, outcome = null } = record;
  const { fence: _seq, ...text } = record;
  const blob = outcome && Buffer.from(outcome.buffer, outcome.byteOffset, outcome.byteLength);
  const values = [expiresAt, Buffer.from(recordText(text)), blob, `${seq}`, `${rev}`];
  return (await written(connection, change, values)).affectedRows === 1;
}

/** JSON keeps what UTF-8 cannot: lone surrogates. */
export function keyOf(id: string): Buffer {
  return Buffer.from(JSON.stringify(id));
}

interface Header {
  readonly affectedRows: number;
  readonly insertId: number | string;
}

export async function written(
  connection: MysqlConnection,
  sql: string,
  values: readonly unknown[],
): Promise<Header> {
  const [header] = await execute(connection, sql, values);
  return header as Header;
}

/** What the server answers of a row. */
export interface Cells {
  readonly now: number | string;
  readonly autocommit: number | string;
  readonly seq: number | string | null;
  readonly rev: number | string;
  readonly record: Buffer;
  readonly outcome?: Buffer | null;
  readonly bytes: number | string | null;
}

async function reading(
  connection: MysqlConnection,
  sql: string,
  values: readonly unknown[],
): Promise<Reading> {
  const cells = await rowsOf<Cells>(connection, sql, values);
  const [{ now, autocommit }] = cells as [Cells];
  if (Number(autocommit) !== 1) throw refuseManualCommit();
  return { now: Number(now), rows: cells.filter(({ seq }) => seq !== null).map(toRow) };
}

export function toRow({ seq, rev, record: text, outcome, bytes }: Cells): Row {
  const record = recordOf({
    text: text.toString(),
    fence: Number(seq),
    outcome: outcome ?? undefined,
    outcomeBytes: bytes === null ? undefined : Number(bytes),
  });
  return { seq: Number(seq), rev: Number(rev), record };
}

export async function rowsOf<Cells>(
  connection: MysqlConnection,
  sql: string,
  values: readonly unknown[],
): Promise<Cells[]> {
  const [cells] = await execute(connection, sql, values);
  return cells as Cells[];
}

/** Prepared, so that no setting of the session changes how values are read. */
function execute(connection: MysqlConnection, sql: string, values: readonly unknown[]) {
  const form = { rowsAsArray: false, nestTables: false, namedPlaceholders: false, typeCast: true };
  return connection.execute({ sql, values: [...values], ...form });
}
