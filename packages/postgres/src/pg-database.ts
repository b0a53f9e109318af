import { IdempotencyError } from '@twiceproof/core';
import type { PostgresConnection, PostgresNotification, PostgresPool } from './client.ts';
import type { Database, Row } from './database.ts';
import { within } from './deadline.ts';
import { leavesConnectionUsable } from './faults.ts';

/** Nobody listens to the errors of a connection that is checked out, and one would end the process. */
const ignore = () => {};
const identity = (error: unknown) => error;

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

  const ask = async (connection: PostgresConnection, text: string, params?: unknown[]) => {
    const asked = connection.query(text, params);
    const { rows } = await within(asked, timeoutMs, 'Postgres did not answer');
    return rows as Row[];
  };

  return {
    async query(text, params) {
      const connection = await checkOut();
      try {
        const rows = await ask(connection, text, params);
        giveBack(connection);
        return rows;
      } catch (fault) {
        giveBack(connection, fault);
        throw fault;
      }
    },

    async transaction(run) {
      const connection = await checkOut();
      try {
        await ask(connection, 'BEGIN ISOLATION LEVEL READ COMMITTED');
        const answer = await run(connection);
        await ask(connection, 'COMMIT');
        giveBack(connection);
        return answer;
      } catch (fault) {
        // A closed connection is rolled back by the server; so is one whose ROLLBACK got lost.
        giveBack(connection, await ask(connection, 'ROLLBACK').then(() => undefined, identity));
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
            await ask(connection, `LISTEN ${channel}`);
          } catch (error) {
            end(error);
            throw error;
          }
          return async () => {
            if (isOver) return;
            await ask(connection, `UNLISTEN ${channel}`).then(() => end(), end);
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
