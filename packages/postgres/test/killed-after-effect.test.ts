import { setTimeout as sleep } from 'node:timers/promises';
import { createIdempotency } from '@twiceproof/core';
import { startPostgres } from '@twiceproof/engines';
import { expect, test } from 'vitest';
import { postgresStore } from '../src/index.ts';
import { transactional } from '../src/transactional.ts';
import { newPool } from './databases.ts';

const work = { operation: 'work', key: 1 };

for (const version of [18, 15] as const) {
  test(`a Postgres ${version} that is away for longer than a lease, right after the effect, gets its result`, async () => {
    const engine = await startPostgres({ version, own: true });
    try {
      const store = postgresStore({ client: newPool({ connectionString: engine.url }) });
      await store.setup();
      const options = { environment: 'test', store, lease: '1s', storeTimeout: '60s' } as const;
      const idempotency = createIdempotency(options);
      let effects = 0;
      let back: Promise<void> | undefined;
      const done = await idempotency.execute(work, async () => {
        await engine.kill();
        back = sleep(2_000).then(() => engine.restart());
        effects += 1;
        return 'done';
      });
      await back;
      expect(done).toMatchObject({ value: 'done', outcome: 'executed' });
      const again = await idempotency.execute(work, () => 'twice');
      expect(again).toMatchObject({ value: 'done', outcome: 'replayed' });
      expect(effects).toBe(1);
    } finally {
      await engine.stop();
    }
  });

  test(`nothing is left on a Postgres ${version} that crashes right after a transactional effect`, async () => {
    const engine = await startPostgres({ version, own: true });
    try {
      const client = newPool({ connectionString: engine.url });
      await postgresStore({ client }).setup();
      await client.query('CREATE TABLE ledger (payment text)');
      const { store, effect } = transactional({ client });
      const options = { environment: 'test', store, storeTimeout: '60s' } as const;
      const idempotency = createIdempotency(options);
      let isFirst = true;
      const pay = idempotency.wrap(
        effect(async (tx, payment: string) => {
          await tx.query('INSERT INTO ledger VALUES ($1)', [payment]);
          if (isFirst) {
            isFirst = false;
            await engine.kill();
            await engine.restart();
          }
          return 'paid';
        }),
        { operation: 'pay', key: (payment) => payment },
      );
      await expect(pay('p-1')).rejects.toMatchObject({ code: 'LEASE_LOST' });
      expect((await client.query('SELECT * FROM ledger')).rows).toEqual([]);
      expect(await pay('p-1')).toBe('paid');
      expect(await pay('p-1')).toBe('paid');
      expect((await client.query('SELECT * FROM ledger')).rows).toEqual([{ payment: 'p-1' }]);
    } finally {
      await engine.stop();
    }
  });
}
