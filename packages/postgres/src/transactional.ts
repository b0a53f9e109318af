import {
  currentExecution,
  type Duration,
  durationMs,
  IdempotencyError,
  type Store,
} from '@twiceproof/core';
import type { PostgresQueryable } from './client.ts';
import { checkOptions, type PostgresStoreOptions } from './options.ts';
import { buildStore } from './postgres-store.ts';
import { createTransactionalStore } from './transactional-store.ts';

export interface TransactionalOptions extends PostgresStoreOptions {
  /**
   * How long a duplicate waits for another's transaction before it is answered that the record is in
   * progress. Keep it below core's `storeTimeout`. `'3s'` unless given.
   */
  readonly lockWait?: Duration | undefined;
}

/** A function of a transaction and of the arguments of its wrapped form. */
export type Effect<Tx, Args extends readonly unknown[], Result> = (
  tx: Tx,
  ...args: Args
) => Result | Promise<Result>;

export interface Transactional<Tx> {
  /** Shares its table with a `postgresStore` of the same schema and table. */
  readonly store: Store;
  /** Makes a function of `(tx, …args)` one of `(…args)`, to be wrapped on this store. */
  effect<Args extends readonly unknown[], Result>(
    fn: Effect<Tx, Args, Result>,
  ): (...args: Args) => Promise<Result>;
}

/**
 * Claim, effect and outcome in one transaction of one database: either all of them are there, or
 * nothing is. A crash leaves nothing; a duplicate waits for the commit and replays.
 *
 * `tx` is the connection (of `pg`) or transaction (of PGlite); everything that is written through it
 * belongs to the execution. Do not end the transaction: that is done by the settlement.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` for an unknown option or a bad value.
 *
 * @example
 * ```ts
 * import { createIdempotency } from '@twiceproof/core';
 * import { transactional } from '@twiceproof/postgres';
 * import { Pool } from 'pg';
 *
 * const { store, effect } = transactional({ client: new Pool() });
 * const idempotency = createIdempotency({ environment: 'prod', store });
 * const pay = idempotency.wrap(
 *   effect(async (tx, payment: { id: string; amount: number }) => {
 *     await tx.query('UPDATE account SET balance = balance - $1', [payment.amount]);
 *     return { paid: payment.amount };
 *   }),
 *   { operation: 'pay', key: (payment) => payment.id },
 * );
 * ```
 */
export function transactional<Tx extends PostgresQueryable = PostgresQueryable>(
  options: TransactionalOptions,
): Transactional<Tx> {
  const { lockWait = '3s', ...storeOptions } = options;
  const parts = buildStore(checkOptions(storeOptions));
  const lockWaitMs = durationMs(lockWait, 'lockWait');
  const { store, transactionOf } = createTransactionalStore(parts, lockWaitMs);
  return {
    store,
    effect:
      (fn) =>
      async (...args) => {
        const { id, fence } = currentExecution();
        const tx = id === undefined ? undefined : transactionOf(id, fence);
        if (tx) return fn(tx as Tx, ...args);
        if (fence === 0) return parts.database.transaction(async (own) => fn(own as Tx, ...args));
        throw new IdempotencyError(
          'OPTIONS_INVALID',
          `${id} runs on another store; give createIdempotency the store that transactional() answered`,
          { recordId: id },
        );
      },
  };
}
