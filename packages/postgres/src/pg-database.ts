import { checkOut, giveBack, isOutsideOfTransaction } from './check-out.ts';
import type { NamedStatement, PostgresConnection, PostgresPool } from './client.ts';
import type { Database, DatabaseOptions, QueryOptions, Row } from './database.ts';
import { withinTimeout } from './deadline.ts';
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
  const preparation = createPreparation();
  hearIdleErrors(pool);

  const take = async ({ urgent }: QueryOptions = {}): Promise<PostgresConnection> => {
    for (;;) {
      const connection = await checkOut((urgent && own?.pool) || pool, timeoutMs);
      if (isOutsideOfTransaction(connection)) return connection;
      giveBack(connection);
    }
  };
  const isNameable = (connection: PostgresConnection, frequent?: boolean) =>
    prepare && frequent === true && takesNames(pool, connection);
  const ask = async (
    connection: PostgresConnection,
    text: string,
    params?: unknown[],
    { frequent }: QueryOptions = {},
  ) => {
    const name = isNameable(connection, frequent) ? preparation.nameOf(text) : undefined;
    const asked =
      name === undefined
        ? connection.query(text, params)
        : (connection as unknown as NamingConnection).query({ name, text, values: params });
    return withinTimeout(asked, timeoutMs, 'Postgres did not answer');
  };

  /** Asks on a connection that is to be given back afterwards: nobody waits for it, and none is opened. */
  const learnSize = async (connection: PostgresConnection) => {
    try {
      const { rows } = await ask(connection, relationBytes, [names.table]);
      const { bytes } = rows[0] as { bytes: string | null };
      preparation.learn(bytes === null ? undefined : Number(bytes));
      giveBack(connection);
    } catch (fault) {
      preparation.learn(undefined);
      giveBack(connection, fault);
    }
  };

  const queryOnce: Database['query'] = async (text, params, options) => {
    const connection = await take(options);
    try {
      const { rows } = await ask(connection, text, params, options);
      const isNamed = isNameable(connection, options?.frequent);
      if (isNamed && preparation.isSizeAskedFor()) void learnSize(connection);
      else giveBack(connection);
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

/** What only behaves like a connection of `pg` may know texts alone. */
function takesNames({ Client }: PostgresPool, connection: unknown): boolean {
  return typeof Client === 'function' && connection instanceof Client;
}

/** While one listens, the others must go on working. */
function canSpareConnection(pool: PostgresPool): boolean {
  return (pool.options?.max ?? Number.POSITIVE_INFINITY) > 1;
}
