import type { Pool } from 'pg';
import { type Charge, chargeThrough } from './charge.ts';
import type { KeyChoice } from './key-choice.ts';
import { receiptText } from './payments.ts';

/** One statement for each row, which is what a table of one's own comes to. */
export function postgresByRow(pool: Pool, table: string, { text }: KeyChoice): Charge {
  const insert = `INSERT INTO ${table} (id) VALUES ($1) ON CONFLICT DO NOTHING`;
  const update = `UPDATE ${table} SET result = $2 WHERE id = $1`;
  const select = `SELECT result FROM ${table} WHERE id = $1`;
  return chargeThrough({
    first: (fn) => async (payment) => {
      const id = text(payment);
      const { rowCount } = await pool.query(insert, [id]);
      if (rowCount !== 1) throw new Error(`${id} is there already`);
      const receipt = await fn(payment);
      await pool.query(update, [id, receiptText(payment.paymentId)]);
      return receipt;
    },
    replay: () => async (payment) => {
      const { rows } = await pool.query<{ result: string }>(select, [text(payment)]);
      return rows[0]?.result;
    },
  });
}
