import { IdempotencyError, type Settlement, type Store, type StoreOptions } from '@twiceproof/core';
import {
  checkQuery,
  claimed,
  completing,
  counts,
  extended,
  isAt,
  isPaused,
  judge,
  pageOf,
  placeOf,
  releasing,
  renewed,
  type Settle,
} from '@twiceproof/record-logic';
import { onConnection, overtaken, type Work } from './connections.ts';
import { checkOptions, type MysqlStoreOptions } from './options.ts';
import { withOwnConnections } from './own-connections.ts';
import {
  addRow,
  changeRow,
  keyOf,
  type Row,
  readableRecord,
  readPage,
  readRow,
  replaceRow,
  written,
} from './rows.ts';
import { longestId, statementsFor } from './statements.ts';
import type { StoreContext } from './store-context.ts';
import { sweeper } from './sweeper.ts';
import { type MysqlReport, verify } from './verify.ts';

/** A store with every optional method that MySQL has a use for. */
export type MysqlStore = Store &
  Required<Pick<Store, 'close' | 'extend' | 'setup'>> & {
    /** Looks for settings of the server that endanger records. Changes nothing. */
    verify(): Promise<MysqlReport>;
  };

/**
 * Keeps records in a table of MySQL 8 or MariaDB, through a pool of mysql2/promise. Every request reads
 * the record and then writes it if it still is what was read, each in a statement that commits by itself.
 * The clock is the server's.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` for an unknown option or a bad value.
 *
 * @example
 * ```ts
 * import { createIdempotency } from '@twiceproof/core';
 * import { mysqlStore } from '@twiceproof/mysql';
 * import { createPool } from 'mysql2/promise';
 *
 * const store = mysqlStore({ client: createPool('mysql://app@db.example/shop') });
 * await store.setup();
 * const idempotency = createIdempotency({ environment: 'prod', store });
 * ```
 */
export function mysqlStore(options: MysqlStoreOptions): MysqlStore {
  const checked = checkOptions(options);
  const { client, table, maxRecordBytes } = checked;
  const statements = statementsFor(table);
  const context: StoreContext = { client, table, statements, maxRecordBytes };
  const sweep = sweeper(context);

  const ask = <Answer>(options: StoreOptions | undefined, work: Work<Answer>, through = client) =>
    onConnection({ client: through, table }, options?.signal, work);
  const anyone = { through: client, write: statements.change };
  const owner = {
    through: checked.ownConnections ? withOwnConnections(client) : client,
    write: statements.changeOwn,
  };

  /** Reads the record that counts, and writes what becomes of it. */
  const change = <Answer>(
    id: string,
    options: StoreOptions | undefined,
    decide: (record: Row['record'], now: number) => { answer: Answer; record?: Row['record'] },
    { through, write } = anyone,
  ) =>
    ask(
      options,
      async (connection) => {
        const { row, now } = await readRow(connection, statements, id);
        const found = readableRecord(row, id);
        const counting = found && counts(found, now, isPaused(options)) ? found : undefined;
        const { answer, record } = decide(counting, now);
        const isWritten = !record || (await changeRow(connection, write, row!, record));
        return isWritten ? answer : overtaken;
      },
      through,
    );

  const settle = (id: string, end: Settle, options: StoreOptions | undefined) =>
    change<Settlement>(
      id,
      options,
      (found, now) => {
        const answer = end(found, now);
        return answer.status === 'done' ? { answer, record: answer.record } : { answer };
      },
      owner,
    );

  return {
    name: 'mysql',
    limits: { maxRecordBytes },

    async acquire(claim, options) {
      if (keyOf(claim.id).byteLength > longestId) throw idTooLong(claim.id);
      const acquisition = await ask(options, async (connection) => {
        const { row, now } = await readRow(connection, statements, claim.id);
        const found = readableRecord(row, claim.id);
        const last = found && counts(found, now, isPaused(options)) ? found : undefined;
        const answer = last && judge(last, claim, now);
        if (answer !== undefined) return answer;
        const record = claimed(claim, last, now);
        const fence = row
          ? await replaceRow(connection, statements, row, record)
          : await addRow(connection, statements, record);
        if (fence === undefined) return overtaken;
        const leaseRemainingMs = claim.leaseMs;
        return { status: 'acquired' as const, record: { ...record, fence }, leaseRemainingMs };
      });
      if (acquisition.status === 'acquired') sweep(acquisition.record.startedAt, options);
      return acquisition;
    },

    renew: (id, token, leaseMs, options) =>
      change(
        id,
        options,
        (found, now) => {
          const record = found && renewed(found, token, leaseMs, now);
          return { answer: record && { remainingMs: leaseMs }, record };
        },
        owner,
      ),

    complete: (id, token, outcome, options) =>
      settle(id, completing(token, outcome, maxRecordBytes), options),

    release: (id, token, failure, options) =>
      settle(id, releasing(token, failure, maxRecordBytes), options),

    get: (id, options) => change(id, options, (answer) => ({ answer })),

    delete: (id, options) =>
      ask(options, async (connection) => {
        const { row, now } = await readRow(connection, statements, id);
        const { version } = options ?? {};
        if (row === undefined) return false;
        // Without a version, a record that cannot be read is deleted as well.
        const record = version === undefined ? row.record : readableRecord(row, id);
        if (record && !(counts(record, now, isPaused(options)) && isAt(record, version))) {
          return false;
        }
        const [sql, values] =
          version === undefined
            ? [statements.remove, [keyOf(id)]]
            : [statements.replace, [`${row.seq}`, `${row.rev}`]];
        return (await written(connection, sql, values)).affectedRows === 1 || overtaken;
      }),

    async list(query, options) {
      checkQuery(query);
      return ask(options, async (connection) => {
        const { rows, now } = await readPage(connection, statements, placeOf(query));
        return pageOf(rows, query, now, isPaused(options));
      });
    },

    extend: (id, retentionMs, options) =>
      change(id, options, (found, now) => {
        const record = found && extended(found, retentionMs, options?.version, now);
        return { answer: record, record };
      }),

    async setup() {
      await ask(undefined, async (connection) => {
        await connection.query(statements.setup);
      });
    },

    verify: () => ask(undefined, (connection) => verify(connection, context)),

    async close() {
      await sweep.ended();
    },
  };
}

function idTooLong(recordId: string): IdempotencyError<'OPTIONS_INVALID'> {
  const message = `the record id is longer than the ${longestId} bytes that MySQL takes; shorten environment, operation or scope`;
  return new IdempotencyError('OPTIONS_INVALID', message, { recordId });
}
