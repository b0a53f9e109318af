import { IdempotencyError } from '@twiceproof/core';
import type { PostgresConnection, PostgresPool } from './client.ts';
import { InDoubt } from './deadline.ts';
import { leavesConnectionUsable } from './faults.ts';

/** Nobody listens to the errors of a connection that is checked out, and one would end the process. */
export const ignoreError = (): void => {};

/**
 * A connection of the pool, which is heard from the first moment on. The pool calls back in the same
 * turn in which it stops listening itself; after a promise, an error could come before our listener.
 */
export function checkOut(pool: PostgresPool, timeoutMs: number): Promise<PostgresConnection> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      reject(new InDoubt('the pool gave no connection within the timeout of the store'));
    }, timeoutMs);
    const onAnswer = (error: unknown, connection?: PostgresConnection) => {
      if (isOver) {
        if (!error) connection?.release?.();
        return;
      }
      isOver = true;
      clearTimeout(timer);
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
