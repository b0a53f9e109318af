import { checkOut, giveBack, isOutsideOfTransaction } from './check-out.ts';
import type { NamedStatement, PostgresConnection, PostgresPool } from './client.ts';
import type { Database, DatabaseOptions, QueryOptions, Row } from './database.ts';
import { within } from './deadline.ts';
import { didNothingHere, isInDoubt, isPreparationLost, isServerError } from './faults.ts';
import { hearIdleErrors } from './idle-errors.ts';
import { createOwnConnections } from './own-connections.ts';
import { pgListen } from './pg-listen.ts';
import { createPreparation } from './preparation.ts';
import { relationBytes } from './sql/relation-bytes.ts';
import { sessionState } from './sql/session-state.ts';

const identity = (error: unknown) => error;
const none = () => undefined;
const usualPoolSize = 10;

export function pgDatabase(
  pool: PostgresPool,
  { timeoutMs, ownConnections, prepare, names }: DatabaseOptions,
): Database {
  const own = ownConnections ? createOwnConnections(pool, timeoutMs) : undefined;
  const preparation = createPreparation(async () => {
    const [row] = await queryOnce(relationBytes, [names.table]);
    return Number(row?.bytes ?? Number.NaN);
  });
  hearIdleErrors(pool);

  const take = async ({ urgent }: QueryOptions = {}): Promise<PostgresConnection> => {
    for (;;) {
      const connection = await checkOut((urgent && own?.pool) || pool, timeoutMs);
      if (isOutsideOfTransaction(connection)) return connection;
      giveBack(connection);
    }
  };
  const ask = async (
    connection: PostgresConnection,
    text: string,
    params?: unknown[],
    { frequent }: QueryOptions = {},
  ) => {
    const naming = prepare && frequent ? namingConnection(pool, connection) : undefined;
    const name = naming && preparation.nameOf(text);
    const asked =
      name === undefined
        ? connection.query(text, params)
        : naming!.query({ name, text, values: params });
    return within(asked, timeoutMs, 'Postgres did not answer');
  };

  const queryOnce: Database['query'] = async (text, params, options) => {
    const connection = await take(options);
    try {
      const { rows } = await ask(connection, text, params, options);
      giveBack(connection);
      return rows as Row[];
    } catch (fault) {
      giveBack(connection, fault);
      throw fault;
    }
  };

  const query: Database['query'] = async (text, params, options) => {
    // After a failover every connection of the pool may lead to what is a replica now.
    for (let others = pool.options?.max ?? usualPoolSize; ; others -= 1) {
      try {
        return await queryOnce(text, params, options);
      } catch (fault) {
        const isLost = isPreparationLost(fault);
        if (isLost) preparation.stop();
        if (others <= 0 || !(isLost || didNothingHere(fault))) throw fault;
      }
    }
  };

  return {
    query,

    async transaction(run, options) {
      const connection = await take(options);
      try {
        await ask(connection, 'BEGIN ISOLATION LEVEL READ COMMITTED');
        const answer = await run(connection);
        const { command } = (await ask(connection, 'COMMIT')) as { command?: string };
        if (command === 'ROLLBACK') throw new Error('the transaction had failed: nothing was kept');
        giveBack(connection);
        return answer;
      } catch (fault) {
        // A closed connection is rolled back by the server; so is one whose ROLLBACK got lost.
        const left = isInDoubt(fault)
          ? fault
          : await ask(connection, 'ROLLBACK').then(none, identity);
        giveBack(connection, left ?? (isServerError(fault) ? fault : undefined));
        throw fault;
      }
    },

    beside: async (_tx, text) => (await query(text, [], { urgent: true }))[0]!,

    async sessionState(pid) {
      const [row] = await query(sessionState, [pid], { urgent: true });
      return row && String(row.state);
    },

    isWaitedFor: () => (pool.waitingCount ?? 0) > 0,

    listen: canSpareConnection(pool) ? pgListen(take, ask) : undefined,

    async close() {
      await own?.close();
    },
  };
}

interface NamingConnection {
  query(statement: NamedStatement): Promise<{ rows: unknown[] }>;
}

/** Undefined for what only behaves like a connection of `pg`: it may know texts alone. */
function namingConnection(
  { Client }: PostgresPool,
  connection: unknown,
): NamingConnection | undefined {
  const isOfPg = typeof Client === 'function' && connection instanceof Client;
  return isOfPg ? (connection as NamingConnection) : undefined;
}

/** While one listens, the others must go on working. */
function canSpareConnection(pool: PostgresPool): boolean {
  return (pool.options?.max ?? Number.POSITIVE_INFINITY) > 1;
}
