import { createIdempotency } from '@twiceproof/core';
import { type PgbouncerEngine, startPgbouncer } from '@twiceproof/engines';
import { newClaim, rivalOf } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { PostgresStore } from '../src/postgres-store.ts';
import { transactional } from '../src/transactional.ts';
import { done } from './claims.ts';
import { newStore, useDatabases } from './databases.ts';
import { payments } from './payments.ts';

const { postgres15, postgres18 } = useDatabases();
const idleTest = new AbortController().signal;

for (const database of [postgres18, postgres15]) {
  for (const mode of ['transaction', 'session'] as const) {
    describe(`behind a PgBouncer that pools by ${mode} in front of ${database.name}`, () => {
      let pooler: PgbouncerEngine;
      beforeAll(async () => {
        const target = inject(database === postgres18 ? 'postgres18' : 'postgres15');
        pooler = await startPgbouncer({ target, mode });
      });
      afterAll(() => pooler.stop());
      const pooled = async () => (await database.client({ connectionString: pooler.url })) as Pool;

      test('verify says whether notifications arrive', async () => {
        const { sibling } = await newStore(database);
        const { problems } = await (await sibling({ client: await pooled() })).verify();
        const isHeard = !problems.some(({ code }) => code === 'NOTIFICATIONS_LOST');
        expect(isHeard).toBe(mode === 'session');
        const quiet = await sibling({ client: await pooled(), notify: false });
        expect((await quiet.verify()).ok).toBe(true);
      });

      test('what one session keeps prepared is sent again to another', async () => {
        const { sibling } = await newStore(database);
        const execute = async (store: PostgresStore) => {
          for (let count = 0; count < 40; count += 1) {
            const claim = newClaim();
            expect((await store.acquire(claim)).status).toBe('acquired');
            expect((await store.complete(claim.id, claim.token, done)).status).toBe('done');
            expect((await store.acquire(rivalOf(claim))).status).toBe('existing');
          }
        };
        const stores = [
          await sibling({ client: await pooled() }),
          await sibling({ client: await pooled() }),
        ];
        await Promise.all([...stores, ...stores, ...stores].map(execute));
      });

      test('a watcher learns of the settlement all the same', async () => {
        const { sibling } = await newStore(database);
        const store = await sibling({ client: await pooled() });
        const claim = newClaim();
        await store.acquire(claim);
        let isOver = false;
        const watching = store.watch!(claim.id, idleTest).then(() => {
          isOver = true;
        });
        // Longer than anything is looked at before it is known that nothing is heard.
        await new Promise((resolve) => setTimeout(resolve, 500));
        expect(isOver).toBe(false);
        await store.complete(claim.id, claim.token, done);
        await watching;
      });

      test('a caller that waits in another process is answered soon', async () => {
        const { sibling } = await newStore(database);
        const processOf = async () =>
          createIdempotency({
            environment: 'test',
            store: await sibling({ client: await pooled() }),
            inProgress: 'wait',
          });
        const [one, other] = [await processOf(), await processOf()];
        const { promise: work, resolve: end } = Promise.withResolvers<string>();
        const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
        const first = one.execute({ operation: 'work', key: 1 }, () => {
          begin();
          return work;
        });
        await begun;
        const second = other.execute({ operation: 'work', key: 1 }, () => 'twice');
        await new Promise((resolve) => setTimeout(resolve, 6_000));
        end('once');
        const endedAt = performance.now();
        await first;
        expect(await second).toMatchObject({ value: 'once', outcome: 'replayed' });
        // What core waits at the longest without asking is five seconds.
        expect(performance.now() - endedAt).toBeLessThan(3_000);
      });

      test('claims, settlements and transactional executions work', async () => {
        const { sibling, store: direct } = await newStore(database);
        const store = await sibling({ client: await pooled() });
        const claims = Array.from({ length: 50 }, () => newClaim());
        await Promise.all(claims.map((claim) => store.acquire(claim)));
        await Promise.all(claims.map(({ id, token }) => store.complete(id, token, done)));
        expect((await direct.acquire(rivalOf(claims[0]!))).record.status).toBe('completed');
        const { schema, paid, start } = await payments(database);
        const pay = await start(undefined, {}, { client: await pooled() });
        expect(await pay('p-1', 1)).toBe('p-1 paid');
        expect(await pay('p-1', 1)).toBe('p-1 paid');
        expect(await paid()).toEqual(['p-1']);
        const { store: inTransaction } = transactional({ client: await pooled(), schema });
        const claim = newClaim();
        await inTransaction.acquire(claim);
        expect(await inTransaction.renew(claim.id, claim.token, 60_000)).toBeTruthy();
        expect((await inTransaction.complete(claim.id, claim.token, done)).status).toBe('done');
      });
    });
  }
}
