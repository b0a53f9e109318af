import type { Pool } from 'pg';
import { batched } from './batch.ts';
import { type Charge, chargeThrough } from './charge.ts';
import type { KeyChoice } from './key-choice.ts';
import { receiptText } from './payments.ts';

const rowMode = 'array';

/** The least that could work on Postgres in batches written by hand: one `unnest` statement for all that waits. */
export function postgresInBatches(pool: Pool, table: string, { text }: KeyChoice): Charge {
  const claims = `INSERT INTO ${table} (id) SELECT * FROM unnest($1::text[]) ON CONFLICT DO NOTHING RETURNING id`;
  const settlements = `UPDATE ${table} SET result = given.result
    FROM unnest($1::text[], $2::text[]) AS given (id, result) WHERE ${table}.id = given.id`;
  const reads = `SELECT id, result FROM ${table} WHERE id = ANY ($1::text[])`;

  const claim = batched(async (ids: readonly string[]) => {
    const values = [ids];
    const { rows } = await pool.query<[string]>({ name: 'claims', text: claims, values, rowMode });
    const claimed = new Set(rows.map(([id]) => id));
    return (id) => claimed.has(id);
  });
  const settle = batched(async (items: readonly (readonly [id: string, result: string])[]) => {
    const values = [items.map(([id]) => id), items.map(([, result]) => result)];
    const { rowCount } = await pool.query({ name: 'settlements', text: settlements, values });
    if (rowCount !== items.length) throw new Error(`${rowCount} of ${items.length} were settled`);
    return () => undefined;
  });
  const read = batched(async (ids: readonly string[]) => {
    const values = [ids];
    const { rows } = await pool.query<[string, string]>({
      name: 'reads',
      text: reads,
      values,
      rowMode,
    });
    const results = new Map(rows);
    return (id) => results.get(id);
  });

  return chargeThrough({
    first: (fn) => async (payment) => {
      const id = text(payment);
      if (!(await claim(id))) throw new Error(`${id} is there already`);
      const receipt = await fn(payment);
      await settle([id, receiptText(payment.paymentId)]);
      return receipt;
    },
    replay: () => (payment) => read(text(payment)),
  });
}
