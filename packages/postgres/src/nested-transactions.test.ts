import type { PGlite, Transaction } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { Kysely, sql as kyselySql, PostgresDialect } from 'kysely';
import type { PoolClient } from 'pg';
import { describe, expect, test } from 'vitest';
import { useDatabases } from '../test/databases.ts';
import { payments } from '../test/payments.ts';
import type { PostgresQueryable } from './client.ts';

const { all, pglite, postgres15, postgres18 } = useDatabases();

for (const database of all) {
  describe(`a transaction within the one of an execution on ${database.name}`, () => {
    test('is kept with it, and undone by itself', async () => {
      const { start, pay, paid, records } = await payments(database);
      const nests = await start(async (tx) => {
        await tx.query('BEGIN');
        await pay(tx, 'kept', 1);
        await tx.query('COMMIT');
        await tx.query('START TRANSACTION');
        await pay(tx, 'undone', 1);
        await tx.query('BEGIN');
        await pay(tx, 'undone, too', 1);
        await tx.query('COMMIT');
        await tx.query('ROLLBACK;');
        await pay(tx, 'after', 1);
        return 'paid';
      });
      expect(await nests('p-1', 10)).toBe('paid');
      expect(await paid()).toEqual(['after', 'kept']);
      expect(await records()).toMatchObject([{ status: 'completed' }]);
      expect((await nests.execute('p-1', 10)).outcome).toBe('replayed');
    });

    test('is undone with an effect that fails after it', async () => {
      const { start, pay, paid, records } = await payments(database);
      const fails = await start(async (tx) => {
        await tx.query('BEGIN');
        await pay(tx, 'kept?', 1);
        await tx.query('COMMIT');
        throw new Error('no funds');
      });
      await expect(fails('p-1', 10)).rejects.toThrow('no funds');
      expect(await paid()).toEqual([]);
      expect(await records()).toMatchObject([{ status: 'failed' }]);
    });

    test('goes on after an error of the database within it', async () => {
      const { start, pay, paid } = await payments(database);
      const nests = await start(async (tx) => {
        await tx.query('BEGIN');
        await pay(tx, 'bad', -1).catch(() => {});
        await expect(tx.query('COMMIT')).rejects.toThrow();
        await tx.query('ROLLBACK');
        return pay(tx, 'good', 1);
      });
      expect(await nests('p-1', 10)).toBe('good paid');
      expect(await paid()).toEqual(['good']);
    });

    test.each([
      'COMMIT',
      'ROLLBACK',
      'END',
      'ABORT',
      'SELECT 1; COMMIT',
      'BEGIN; SELECT 1; COMMIT; COMMIT',
      "PREPARE TRANSACTION 'x'",
      'BEGIN ISOLATION LEVEL SERIALIZABLE',
      'SET TRANSACTION READ ONLY',
      'RELEASE SAVEPOINT twiceproof_effect',
    ])('is refused before it is sent where it is none: %s', async (text) => {
      const { start, pay, paid, records } = await payments(database);
      const ends = await start(async (tx) => {
        await pay(tx, 'before', 1);
        await tx.query(text);
        return pay(tx, 'after', 1);
      });
      for (let call = 0; call < 2; call += 1) {
        await expect(ends('p-1', 10)).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
      }
      expect(await paid()).toEqual([]);
      expect(await records()).toMatchObject([{ status: 'failed', attempt: 2 }]);
      // What was refused did nothing: an effect may go on.
      const goesOn = await start(async (tx) => {
        await tx.query(text).catch(() => {});
        return pay(tx, 'went on', 1);
      });
      expect(await goesOn('p-2', 10)).toBe('went on paid');
    });
  });
}

for (const database of [postgres18, postgres15]) {
  describe(`of ${database.name}`, () => {
    test('drizzle, whose transactions nest', async () => {
      const { start, pay, paid } = await payments(database);
      const nests = await start<PoolClient>(async (tx, payment) => {
        const db = drizzle(tx);
        await db.transaction(async (one) => {
          await pay(tx, `${payment} kept`, 1);
          await one
            .transaction(async () => {
              await pay(tx, `${payment} undone`, 1);
              throw new Error('undo this');
            })
            .catch(() => {});
          await one.execute(sql`SELECT 1`);
        });
        await db
          .transaction(async (one) => {
            await pay(tx, `${payment} undone, too`, 1);
            one.rollback();
          })
          .catch(() => {});
        if (payment === 'fails') throw new Error('no funds');
        return 'paid';
      });
      expect(await nests('p-1', 1)).toBe('paid');
      await expect(nests('fails', 1)).rejects.toThrow('no funds');
      await expect(nests('fails', 1)).rejects.toThrow('no funds');
      expect(await paid()).toEqual(['p-1 kept']);
    });

    test('kysely, which takes and gives back what it believes to be a pool', async () => {
      const { start, pay, paid } = await payments(database);
      const nests = await start<PoolClient>(async (tx) => {
        const pool = { connect: async () => tx, end: async () => {}, options: {} };
        const db = new Kysely<object>({ dialect: new PostgresDialect({ pool }) });
        await kyselySql`SELECT 1`.execute(db);
        await db.transaction().execute(async () => pay(tx, 'kept', 1));
        await db
          .transaction()
          .execute(async () => {
            await pay(tx, 'undone', 1);
            throw new Error('undo this');
          })
          .catch(() => {});
        return 'paid';
      });
      expect(await nests('p-1', 1)).toBe('paid');
      expect(await paid()).toEqual(['kept']);
    });

    test('callbacks, configurations and several statements at once', async () => {
      const { start, pay, paid, schema } = await payments(database);
      const nests = await start<PoolClient>(async (tx) => {
        const called = (query: string | { text: string }) =>
          new Promise((resolve, reject) => {
            tx.query(query as string, (error: Error | null, result: unknown) =>
              error ? reject(error) : resolve(result),
            );
          });
        await called('BEGIN;');
        await pay(tx, 'called', 1);
        await called({ text: 'COMMIT' });
        await expect(called('COMMIT')).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
        const answers = await tx.query(
          `BEGIN; INSERT INTO "${schema}".ledger VALUES ('several', 1); COMMIT`,
        );
        expect(answers).toHaveLength(3);
        await tx.query({ name: 'begin', text: 'BEGIN' });
        await pay(tx, 'undone', 1);
        await tx.query({ name: 'rollback', text: 'ROLLBACK' });
        tx.release();
        await expect(Promise.resolve(tx.query('SELECT 1'))).resolves.toMatchObject({ rowCount: 1 });
        return 'paid';
      });
      expect(await nests('p-1', 1)).toBe('paid');
      expect(await paid()).toEqual(['called', 'several']);
    });

    test('a transaction that was ended behind the guard is told, and settles nothing', async () => {
      const { start, pay, records } = await payments(database);
      const ends = await start<PostgresQueryable>(async (tx) => {
        await pay(tx, 'kept?', 1);
        const { query } = Object.getPrototypeOf(tx);
        await query.call(tx, 'COMMIT');
        return 'paid';
      });
      await expect(ends('p-1', 1)).rejects.toMatchObject({
        code: 'LEASE_LOST',
        message: expect.stringContaining('ended by something else'),
      });
      expect(await records()).toMatchObject([{ status: 'in_progress' }]);
    });
  });
}

describe('of PGlite', () => {
  test('its own transaction, rollback, exec and templates', async () => {
    const { start, pay, paid } = await payments(pglite);
    type Nesting = Transaction & Pick<PGlite, 'transaction'>;
    const nests = await start<Nesting & PostgresQueryable>(async (tx, payment) => {
      await tx.transaction(async (one) => pay(one, `${payment} kept`, 1));
      await tx.transaction(async (one) => {
        await pay(one, `${payment} rolled back`, 1);
        await one.rollback();
      });
      await tx
        .transaction(async (one) => {
          await pay(one, `${payment} undone`, 1);
          throw new Error('undo this');
        })
        .catch(() => {});
      expect(await tx.exec('BEGIN')).toHaveLength(1);
      await pay(tx, `${payment} executed`, 1);
      expect(await tx.exec('COMMIT; SELECT 1 AS one')).toMatchObject([{}, { rows: [{ one: 1 }] }]);
      await tx.sql`BEGIN`;
      await pay(tx, `${payment} in a template`, 1);
      await tx.sql`ROLLBACK`;
      await expect(tx.sql`COMMIT`).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
      expect((await tx.sql`SELECT ${'BEGIN'} AS word`).rows).toEqual([{ word: 'BEGIN' }]);
      if (payment === 'fails') throw new Error('no funds');
      return 'paid';
    });
    expect(await nests('p-1', 1)).toBe('paid');
    await expect(nests('fails', 1)).rejects.toThrow('no funds');
    expect(await paid()).toEqual(['p-1 executed', 'p-1 kept']);
  });

  test('a rollback of everything, by the effect', async () => {
    const { start, pay, paid, records } = await payments(pglite);
    const nests = await start<Transaction & PostgresQueryable>(async (tx) => {
      await pay(tx, 'undone', 1);
      await tx.rollback();
      await expect(pay(tx, 'late', 1)).rejects.toThrow(/rolled back/);
      return 'not paid';
    });
    expect(await nests('p-1', 1)).toBe('not paid');
    expect(await nests('p-1', 1)).toBe('not paid');
    expect(await paid()).toEqual([]);
    expect(await records()).toMatchObject([{ status: 'completed', attempt: 1 }]);
  });

  test('drizzle, whose transactions nest', async () => {
    const { start, pay, paid } = await payments(pglite);
    const nests = await start(async (tx, payment) => {
      const db = drizzlePglite({ client: tx as unknown as PGlite });
      await db.transaction(async (one) => {
        await one.execute(sql`SELECT 1`);
        await pay(tx, `${payment} kept`, 1);
      });
      await db
        .transaction(async () => {
          await pay(tx, `${payment} undone`, 1);
          throw new Error('undo this');
        })
        .catch(() => {});
      if (payment === 'fails') throw new Error('no funds');
      return 'paid';
    });
    expect(await nests('p-1', 1)).toBe('paid');
    await expect(nests('fails', 1)).rejects.toThrow('no funds');
    expect(await paid()).toEqual(['p-1 kept']);
  });
});
