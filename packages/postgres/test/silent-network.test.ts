import { type FaultProxy, startProxy } from '@twiceproof/engines';
import { newClaim } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { transactional } from '../src/transactional.ts';
import { done, failure } from './claims.ts';
import { useDatabases } from './databases.ts';
import { payments } from './payments.ts';

const { postgres15, postgres18 } = useDatabases();

/** As core does: connections that were cut off have to be met before they are known. */
async function again<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

for (const database of [postgres18, postgres15]) {
  describe(`when ${database.name} falls silent within a transactional execution`, () => {
    const url = () => inject(database === postgres18 ? 'postgres18' : 'postgres15');
    let proxy: FaultProxy;
    beforeEach(async () => {
      proxy = await startProxy({ target: url() });
    });
    afterEach(() => proxy.stop());
    const clientOf = async () =>
      (await database.client({ connectionString: proxy.through(url()) })) as Pool;

    test('a claim ends, and leaves no connection behind', async () => {
      const { schema } = await payments(database);
      const client = await clientOf();
      const { store } = transactional({ client, schema, timeout: '300ms', lockWait: '100ms' });
      for (const held of [/pg_advisory/, /INSERT INTO/, /SAVEPOINT/]) {
        const claim = newClaim();
        const claiming = store.acquire(claim).then(
          () => 'acquired',
          (error: Error) => error.message,
        );
        void proxy.cutBefore({
          when: (bytes) => {
            if (held.test(bytes.toString('latin1'))) proxy.freeze();
            return false;
          },
        });
        expect(await claiming).toMatch(/within the timeout/);
        proxy.heal();
        expect(client.totalCount - client.idleCount).toBe(0);
        expect((await again(() => store.acquire(claim))).status).toBe('acquired');
        await store.release(claim.id, claim.token, failure);
      }
    });

    test('a settlement ends, and leaves nothing', async () => {
      const { schema, records } = await payments(database);
      const client = await clientOf();
      const { store } = transactional({ client, schema, timeout: '300ms' });
      const claim = newClaim();
      await again(() => store.acquire(claim));
      proxy.freeze();
      await expect(store.complete(claim.id, claim.token, done)).rejects.toThrow(/within the timeo/);
      proxy.heal();
      const settlement = await again(() => store.complete(claim.id, claim.token, done));
      expect(settlement).toEqual({ status: 'lost' });
      expect(await records()).toEqual([]);
    });

    test.each(['between its statements', 'in a statement'])(
      'an effect ends with its lease %s, and the key is free again',
      async (where) => {
        const { start, pay, paid } = await payments(database);
        const client = await clientOf();
        const waits = await start(
          async (tx) => {
            if (where === 'in a statement') {
              const asked = tx.query('SELECT pg_sleep(0.2)');
              proxy.freeze();
              await asked;
            } else {
              proxy.freeze();
              await new Promise(() => {});
            }
            return 'never';
          },
          { lease: '1s', storeTimeout: '2s' },
          { client, timeout: '300ms' },
        );
        await expect(waits('p-1', 1)).rejects.toMatchObject({ code: 'LEASE_LOST' });
        proxy.heal();
        const works = await start(pay);
        expect(await works('p-1', 1)).toBe('p-1 paid');
        expect(await paid()).toEqual(['p-1']);
      },
    );

    test('a long statement is left alone while the server works on it', async () => {
      const { start, pay } = await payments(database);
      const slow = await start(
        async (tx, ...args) => {
          await tx.query('SELECT pg_sleep(2.5)');
          return pay(tx, ...args);
        },
        { lease: '2s' },
        { timeout: '200ms' },
      );
      expect(await slow('p-1', 10)).toBe('p-1 paid');
    });
  });
}
