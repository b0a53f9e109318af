import { createIdempotency, type IdempotencyOptions } from '@twiceproof/core';
import type { PostgresQueryable } from '../src/client.ts';
import { type TransactionalOptions, transactional } from '../src/transactional.ts';
import { newStore, type TestDatabase } from './databases.ts';

/** A ledger table, and a wrapped payment that writes to it. */
export async function payments(database: TestDatabase) {
  const { schema, rows, table, client, sibling } = await newStore(database);
  await rows(`CREATE TABLE "${schema}".ledger (
    payment text PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, amount int CHECK (amount > 0))`);
  const pay = async (tx: PostgresQueryable, payment: string, amount: number) => {
    await tx.query(`INSERT INTO "${schema}".ledger VALUES ($1, $2)`, [payment, amount]);
    return `${payment} paid`;
  };
  const start = async <Tx extends PostgresQueryable = PostgresQueryable>(
    fn: (tx: Tx, payment: string, amount: number) => Promise<string> = pay,
    own: Partial<IdempotencyOptions> = {},
    options: Partial<TransactionalOptions> = {},
  ) => {
    const { store, effect } = transactional<Tx>({
      client: await database.client(),
      schema,
      ...options,
    });
    const idempotency = createIdempotency({ environment: 'test', store, ...own });
    const wrapping = { operation: 'pay', key: (payment: string) => payment };
    return Object.assign(idempotency.wrap(effect(fn), wrapping), { records: idempotency.records });
  };
  const ledger = () =>
    rows<{ payment: string }>(`SELECT * FROM "${schema}".ledger ORDER BY payment`);
  const paid = async () => (await ledger()).map(({ payment }) => payment);
  const records = () => rows<{ status: string; fence: unknown }>(`SELECT * FROM ${table}`);
  return { start, pay, ledger, paid, records, rows, client, schema, sibling };
}
