import { IdempotencyError } from '@twiceproof/core';
import type { PostgresConnection, PostgresPool } from './client.ts';
import { withinTimeout } from './deadline.ts';
import { leavesConnectionUsable } from './faults.ts';

/** Nobody listens to the errors of a connection that is checked out, and one would end the process. */
export const ignoreError = (): void => {};

/** A connection of the pool, to be given back. */
export async function checkOut(pool: PostgresPool, timeoutMs: number): Promise<PostgresConnection> {
  const coming = connect(pool);
  try {
    return await withinTimeout(coming, timeoutMs, 'the pool gave no connection');
  } catch (error) {
    // One that comes yet goes back.
    coming.then(giveBack, () => {});
    throw error;
  }
}

/**
 * Heard from the first moment on: the pool calls back in the same turn in which it stops listening
 * itself. After a promise, an error could come before our listener.
 */
function connect(pool: PostgresPool): Promise<PostgresConnection> {
  return new Promise((resolve, reject) => {
    const onAnswer = (error: unknown, connection?: PostgresConnection) => {
      if (error) return reject(error);
      if (typeof connection?.release !== 'function') return reject(notAPool());
      connection.on('error', ignoreError);
      resolve(connection);
    };
    // What only behaves like a pool may know promises alone.
    pool.connect(onAnswer)?.then(
      (connection) => onAnswer(undefined, connection),
      (error) => onAnswer(error ?? new Error('the pool gave no connection')),
    );
  });
}

/** After a fault that leaves the connection in doubt it is closed instead of used again. */
export function giveBack(connection: PostgresConnection, fault?: unknown): void {
  connection.removeListener('error', ignoreError);
  const isUsable =
    (fault === undefined || leavesConnectionUsable(fault)) && isOutsideOfTransaction(connection);
  connection.release(isUsable ? undefined : true);
}

/** Somebody may have given it back in the middle of his transaction, which our claim would become a part of. */
export function isOutsideOfTransaction(connection: PostgresConnection): boolean {
  const status = connection.getTransactionStatus?.();
  return status !== 'T' && status !== 'E';
}

function notAPool(): IdempotencyError<'OPTIONS_INVALID'> {
  return new IdempotencyError(
    'OPTIONS_INVALID',
    'client is a single connection; give a Pool, so that a connection that is in doubt can be replaced',
  );
}
