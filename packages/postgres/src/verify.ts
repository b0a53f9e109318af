import type { Database } from './database.ts';
import { hearsNotifications } from './hearing.ts';
import { integer } from './row.ts';
import { inspectBacklog, inspectServer, inspectTable } from './sql/inspect.ts';
import type { StoreContext } from './store-context.ts';

/** Something about the database that endangers records, and what to do about it. */
export interface PostgresProblem {
  readonly code:
    | 'TOO_OLD'
    | 'ISOLATION'
    | 'READ_ONLY'
    | 'NOT_DURABLE'
    | 'CLOCK_OFFSET'
    | 'TABLE_MISSING'
    | 'TABLE_UNLOGGED'
    | 'RIGHTS_MISSING'
    | 'INDEX_MISSING'
    | 'NOT_SWEPT'
    | 'NOTIFICATIONS_LOST';
  readonly message: string;
}

/** What `verify()` found. */
export interface PostgresReport {
  readonly table: string;
  /** Whether nothing is wrong. */
  readonly ok: boolean;
  readonly problems: readonly PostgresProblem[];
  /** How far the server's clock is ahead of this machine's, in milliseconds. The server's decides. */
  readonly clockOffsetMs: number;
}

const oldestVersion = 140_000;
const toleratedOffsetMs = 2_000;
const overdueMs = 86_400_000;
const hearingMs = 2_000;

/** Compares server, session and table with what the store needs. Changes nothing. */
export async function verify(
  context: StoreContext,
  listen: Database['listen'],
): Promise<PostgresReport> {
  const { names } = context;
  const problems: PostgresProblem[] = [];
  const add = (code: PostgresProblem['code'], message: string) => problems.push({ code, message });
  const clockOffsetMs = await verifyServer(context, add);
  await verifyTable(context, add);
  if (listen && !(await hearsNotifications(context, listen, hearingMs))) {
    const message =
      'what is notified does not arrive, as behind a pooler that gives connections away after each transaction, so waiting callers poll: connect directly, or say notify: false';
    add('NOTIFICATIONS_LOST', message);
  }
  return { table: names.label, ok: problems.length === 0, problems, clockOffsetMs };
}

type Add = (code: PostgresProblem['code'], message: string) => void;

async function verifyServer({ requests }: StoreContext, add: Add): Promise<number> {
  // The first request may have to connect: what it took says nothing about the clock.
  await requests.one('SELECT 1', []);
  const askedAt = Date.now();
  const server = (await requests.one(inspectServer, []))!;
  const clockOffsetMs = integer(server, 'now') - Math.round((askedAt + Date.now()) / 2);

  if (integer(server, 'server_version') < oldestVersion) {
    add('TOO_OLD', 'Postgres is older than 14: upgrade it');
  }
  if (server.isolation !== 'read committed') {
    const message = `statements run at ${String(server.isolation)}, where most contended claims fail: ALTER ROLE … SET default_transaction_isolation = 'read committed'`;
    add('ISOLATION', message);
  }
  if (server.read_only === true) {
    const message =
      'this connection is read-only: connect to the primary, and check default_transaction_read_only';
    add('READ_ONLY', message);
  }
  if (server.durable !== true) {
    const message =
      'fsync or synchronous_commit is off, so a crash loses records that were acknowledged: turn both on';
    add('NOT_DURABLE', message);
  }
  if (Math.abs(clockOffsetMs) > toleratedOffsetMs) {
    const message = `the clocks of the server and of this machine are ${Math.abs(clockOffsetMs)} ms apart: let NTP set both`;
    add('CLOCK_OFFSET', message);
  }
  return clockOffsetMs;
}

async function verifyTable({ requests, names, paused }: StoreContext, add: Add): Promise<void> {
  const indexes = [
    names.recentIndex,
    names.operationIndex,
    names.workflowIndex,
    names.sweepIndex,
  ].map((quoted) => quoted.slice(1, -1));
  const { table: name, fence, watchers } = names;
  const table = await requests.one(inspectTable, [name, fence, indexes, watchers]);
  if (table?.present !== true) {
    const message = `the table ${names.label} is missing: create it with setup(), or with what setupSql() answers`;
    add('TABLE_MISSING', message);
    return;
  }
  if (table.unlogged === true) {
    const message = `the table ${names.label} is unlogged, so a crash empties it: ALTER TABLE ${names.table} SET LOGGED`;
    add('TABLE_UNLOGGED', message);
  }
  if (integer(table, 'indexes') < indexes.length) {
    const message = `the table ${names.label} lacks one of the indexes ${indexes.join(', ')}, or it is not valid: create it as setupSql() has it`;
    add('INDEX_MISSING', message);
  }
  if (table.permitted !== true) {
    const message = `the role lacks a right: grant it SELECT, INSERT, UPDATE and DELETE on ${names.label} and ${names.label}_watchers, and USAGE on ${names.label}_fence`;
    add('RIGHTS_MISSING', message);
    return;
  }
  const oldest = paused ? undefined : await requests.one(inspectBacklog(names), []);
  if (oldest && integer(oldest, 'overdue_ms') > overdueMs) {
    const message = `records of ${names.label} that expired more than a day ago are still there: call sweep() now and then`;
    add('NOT_SWEPT', message);
  }
}
