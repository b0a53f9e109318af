import type { PGlite } from '@electric-sql/pglite';
import { describe, expect, test } from 'vitest';
import type { PostgresQueryable } from '../src/client.ts';
import { type TestDatabase, useDatabases } from './databases.ts';
import { payments } from './payments.ts';

const { pglite, postgres15, postgres18 } = useDatabases();

/** Databases whose client has a single connection, or one for each of two executions. */
const small: readonly (readonly [TestDatabase, number])[] = [
  [pglite, 1],
  [postgres18, 1],
  [postgres15, 1],
  [postgres18, 2],
];

for (const [database, max] of small) {
  describe(`on ${database.name} with ${max} connections, an effect that asks the client itself`, () => {
    test('ends, is undone, and is told why; what comes after it works', async () => {
      const { start, pay, paid } = await payments(database);
      const client = await database.client({ max });
      const options = { client, idleTimeout: '500ms' } as const;
      const asks = async (tx: PostgresQueryable, payment: string, amount: number) => {
        await pay(tx, payment, amount);
        await client.query('SELECT 1');
        return 'asked';
      };
      const waits = await start(asks, {}, options);
      const calls = Array.from({ length: max }, (_, at) => waits(`p-${at}`, 10));
      const cutOff = (await Promise.allSettled(calls)).filter(
        ({ status }) => status === 'rejected',
      );
      expect(cutOff.length).toBeGreaterThan(0);
      for (const { reason } of cutOff as PromiseRejectedResult[]) {
        expect(reason).toMatchObject({ code: 'LEASE_LOST' });
        expect(reason.message).toMatch(/asks the client itself.*through tx/);
      }
      await client.query('SELECT 1');
      const works = await start(pay, {}, { client });
      expect(await works('p-9', 10)).toBe('p-9 paid');
      expect(await paid()).toHaveLength(1 + max - cutOff.length);
    });
  });
}

test('an effect that calls another one on the same PGlite ends', async () => {
  const { start, pay, paid } = await payments(pglite);
  const options = { idleTimeout: '500ms', timeout: '5s' } as const;
  const inner = await start(pay, {}, options);
  const outer = await start(
    async (tx, payment, amount) => {
      await pay(tx, payment, amount);
      return inner(`${payment} inner`, amount);
    },
    {},
    options,
  );
  await expect(outer('p-1', 10)).rejects.toMatchObject({ code: 'LEASE_LOST' });
  expect(await paid()).not.toContain('p-1');
  const client = (await pglite.client()) as PGlite;
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('an effect that only takes its time is left alone while nobody waits for its connection', async () => {
  const { start, pay } = await payments(postgres18);
  const slow = await start(
    async (tx, ...args) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return pay(tx, ...args);
    },
    {},
    { client: await postgres18.client({ max: 1 }), idleTimeout: '200ms' },
  );
  expect(await slow('p-1', 10)).toBe('p-1 paid');
});

test('nor does a statement count as idle that takes its time while others wait', async () => {
  for (const database of [postgres18, pglite]) {
    const { start, pay } = await payments(database);
    const client = await database.client({ max: 1 });
    const slow = await start(
      async (tx, ...args) => {
        const others = client.query('SELECT 1');
        await tx.query('SELECT pg_sleep(1)');
        others.catch(() => {});
        return pay(tx, ...args);
      },
      {},
      { client, idleTimeout: '200ms' },
    );
    expect(await slow('p-1', 10)).toBe('p-1 paid');
  }
});
