import {
  currentExecution,
  type Duration,
  durationMs,
  IdempotencyError,
  type Store,
} from '@twiceproof/core';
import type { PostgresQueryable } from './client.ts';
import { guarded } from './guarded-transaction.ts';
import { checkOptions, type PostgresStoreOptions } from './options.ts';
import { buildStore } from './postgres-store.ts';
import { setSavepoint } from './sql/savepoint.ts';
import { createTransactionalStore } from './transactional-store.ts';

export interface TransactionalOptions extends PostgresStoreOptions {
  /**
   * How long a duplicate waits for another's transaction before it is answered that the record is in
   * progress. Keep it below core's `storeTimeout`. `'3s'` unless given.
   */
  readonly lockWait?: Duration | undefined;
  /**
   * How long an effect may send nothing through `tx` while others wait for its connection; then it is
   * undone. So an effect that waits for its own transaction ends. `'10s'` unless given.
   */
  readonly idleTimeout?: Duration | undefined;
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
 * belongs to the execution. Transactions that begin on it, as those of an ORM, are savepoints; what would
 * end the execution's own is refused.
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
  const { lockWait = '3s', idleTimeout = '10s', ...storeOptions } = options;
  const parts = buildStore(checkOptions(storeOptions));
  const { store, transactionOf } = createTransactionalStore(parts, {
    lockWaitMs: durationMs(lockWait, 'lockWait'),
    idleTimeoutMs: durationMs(idleTimeout, 'idleTimeout'),
  });
  return {
    store,
    effect:
      (fn) =>
      async (...args) => {
        const { id, fence } = currentExecution();
        const open = id === undefined ? undefined : transactionOf(id, fence);
        // Whatever the effect waits for, it ends with its transaction.
        if (open) return Promise.race([fn(open.tx as Tx, ...args), open.cutOff]);
        if (fence === 0) {
          return parts.context.database.transaction((tx) =>
            alone(tx, (own) => fn(own as Tx, ...args)),
          );
        }
        throw new IdempotencyError(
          'OPTIONS_INVALID',
          `${id} runs on another store; give createIdempotency the store that transactional() answered`,
          { recordId: id },
        );
      },
  };
}

/** The effect in a transaction without a record, under the same rules. */
async function alone<Result>(
  tx: PostgresQueryable,
  run: (own: PostgresQueryable) => Result | Promise<Result>,
): Promise<Result> {
  await tx.query(setSavepoint);
  let over: Error | undefined;
  try {
    return await run(guarded(tx, { end: () => over, onSent: () => {} }));
  } finally {
    over = new Error('the transaction of this execution is over');
  }
}
