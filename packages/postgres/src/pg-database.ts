import { IdempotencyError } from '@idemkit/core';
import type { PostgresConnection, PostgresNotification, PostgresPool } from './client.ts';
import type { Database, Row } from './database.ts';
import { within } from './deadline.ts';
import { leavesConnectionUsable } from './faults.ts';

/** Nobody listens to the errors of a connection that is checked out, and one would end the process. */
const ignore = () => {};

export function pgDatabase(pool: PostgresPool, timeoutMs: number): Database {
  const checkOut = async (): Promise<PostgresConnection> => {
    const connecting = pool.connect();
    try {
      const connection = await within(connecting, timeoutMs, 'the pool gave no connection');
      checkConnection(connection);
      connection.on('error', ignore);
      return connection;
    } catch (error) {
      connecting.then((late) => late?.release?.(), ignore);
      throw error;
    }
  };

  const giveBack = (connection: PostgresConnection, fault?: unknown) => {
    connection.removeListener('error', ignore);
    const isUsable = fault === undefined || leavesConnectionUsable(fault);
    connection.release(isUsable ? undefined : true);
  };

  return {
    async query(text, params) {
      const connection = await checkOut();
      try {
        const asked = connection.query(text, params);
        const { rows } = await within(asked, timeoutMs, 'Postgres did not answer');
        giveBack(connection);
        return rows as Row[];
      } catch (fault) {
        giveBack(connection, fault);
        throw fault;
      }
    },

    async transaction(run) {
      const connection = await checkOut();
      try {
        await connection.query('BEGIN ISOLATION LEVEL READ COMMITTED');
        const answer = await run(connection);
        await connection.query('COMMIT');
        giveBack(connection);
        return answer;
      } catch (fault) {
        // A closed connection is rolled back by the server; so is one whose ROLLBACK got lost.
        const rolledBack = connection.query('ROLLBACK');
        const lost = await within(rolledBack, timeoutMs, 'Postgres did not roll back').then(
          () => undefined,
          (error: unknown) => error,
        );
        giveBack(connection, lost);
        throw fault;
      }
    },

    listen: canSpareConnection(pool)
      ? async (channel, onNotification, onEnd) => {
          const connection = await checkOut();
          const onMessage = (message: PostgresNotification) =>
            onNotification(message.payload ?? '');
          let isOver = false;
          const end = (fault?: unknown) => {
            if (isOver) return;
            isOver = true;
            connection.removeListener('notification', onMessage);
            connection.removeListener('error', onError);
            giveBack(connection, fault);
          };
          const onError = (error: Error) => {
            end(error);
            onEnd();
          };
          connection.on('notification', onMessage);
          connection.on('error', onError);
          try {
            const asked = connection.query(`LISTEN ${channel}`);
            await within(asked, timeoutMs, 'Postgres did not answer');
          } catch (error) {
            end(error);
            throw error;
          }
          return async () => {
            if (isOver) return;
            const asked = connection.query(`UNLISTEN ${channel}`);
            await within(asked, timeoutMs, 'Postgres did not answer').then(() => end(), end);
          };
        }
      : undefined,
  };
}

/** While one listens, the others must go on working. */
function canSpareConnection(pool: PostgresPool): boolean {
  return (pool.options?.max ?? Number.POSITIVE_INFINITY) > 1;
}

function checkConnection(connection: PostgresConnection | undefined): void {
  if (typeof connection?.release === 'function') return;
  throw new IdempotencyError(
    'OPTIONS_INVALID',
    'client is a single connection; give a Pool, so that a connection that is in doubt can be replaced',
  );
}
