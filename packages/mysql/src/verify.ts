import type { MysqlConnection } from './client.ts';
import { rowsOf } from './rows.ts';
import { now } from './statements.ts';
import type { StoreContext } from './store-context.ts';

/** Something about the server that endangers records, and what to do about it. */
export interface MysqlProblem {
  readonly code:
    | 'READ_ONLY'
    | 'NOT_DURABLE'
    | 'PACKET_TOO_SMALL'
    | 'ISOLATION'
    | 'TABLE_MISSING'
    | 'NOT_INNODB'
    | 'CLOCK_OFFSET';
  readonly message: string;
}

/** What `verify()` found. */
export interface MysqlReport {
  /** Whether nothing is wrong. */
  readonly ok: boolean;
  readonly problems: readonly MysqlProblem[];
  /** How far the server's clock is ahead of this machine's, in milliseconds. The server's decides. */
  readonly clockOffsetMs: number;
}

const toleratedOffsetMs = 2_000;
/** What a record takes in a packet beside its outcome. */
const overheadBytes = 65_536;

const settings = `SHOW VARIABLES WHERE Variable_name IN ('innodb_flush_log_at_trx_commit',
  'log_bin', 'max_allowed_packet', 'read_only', 'sync_binlog', 'transaction_isolation', 'tx_isolation')`;

/** Compares server, session and table with what the store needs. Changes nothing. */
export async function verify(
  connection: MysqlConnection,
  { table, maxRecordBytes }: StoreContext,
): Promise<MysqlReport> {
  const problems: MysqlProblem[] = [];
  const add = (code: MysqlProblem['code'], message: string) => problems.push({ code, message });
  const askedAt = Date.now();
  const [clock] = await rowsOf<{ now: number | string }>(connection, `SELECT ${now} AS now`, []);
  const clockOffsetMs = Number(clock!.now) - Math.round((askedAt + Date.now()) / 2);

  const found = await rowsOf<{ Variable_name: string; Value: string }>(connection, settings, []);
  const server = new Map(found.map(({ Variable_name, Value }) => [Variable_name, Value]));
  if (server.get('read_only') === 'ON') {
    add('READ_ONLY', 'the server may only be read: point the pool at the primary');
  }
  if (server.get('innodb_flush_log_at_trx_commit') !== '1') {
    add(
      'NOT_DURABLE',
      'innodb_flush_log_at_trx_commit is not 1, so a crash loses records that were acknowledged: set it to 1',
    );
  }
  if (server.get('log_bin') === 'ON' && server.get('sync_binlog') !== '1') {
    add(
      'NOT_DURABLE',
      'sync_binlog is not 1, and a server that recovers takes back what its binary log does not have, so a crash of the machine loses records that were acknowledged: set it to 1',
    );
  }
  const isolation = server.get('transaction_isolation') ?? server.get('tx_isolation');
  if (isolation === 'READ-UNCOMMITTED') {
    add('ISOLATION', 'sessions read what is not committed: set transaction_isolation to another');
  }
  const packet = Number(server.get('max_allowed_packet'));
  if (packet < maxRecordBytes + overheadBytes) {
    const message = `max_allowed_packet is ${packet} bytes, and maxRecordBytes ${maxRecordBytes}: raise the one, or lower the other`;
    add('PACKET_TOO_SMALL', message);
  }
  if (Math.abs(clockOffsetMs) > toleratedOffsetMs) {
    const message = `the clocks of the server and of this machine are ${Math.abs(clockOffsetMs)} ms apart: let NTP set both`;
    add('CLOCK_OFFSET', message);
  }
  await verifyTable(connection, table, add);
  return { ok: problems.length === 0, problems, clockOffsetMs };
}

async function verifyTable(
  connection: MysqlConnection,
  table: string,
  add: (code: MysqlProblem['code'], message: string) => void,
): Promise<void> {
  const [name, schema] = table.split('.').reverse();
  const sql = `SELECT ENGINE AS engine FROM information_schema.TABLES
WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ?`;
  const [found] = await rowsOf<{ engine: string }>(connection, sql, [schema ?? null, name]);
  if (found === undefined) add('TABLE_MISSING', `the table ${table} is missing: run setup()`);
  else if (found.engine !== 'InnoDB') {
    const message = `the table ${table} is kept by ${found.engine}, which has no transactions: ALTER TABLE ${table} ENGINE = InnoDB`;
    add('NOT_INNODB', message);
  }
}
