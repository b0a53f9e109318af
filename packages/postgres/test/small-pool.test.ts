import { createIdempotency } from '@twiceproof/core';
import { newClaim, rivalOf } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { describe, expect, test } from 'vitest';
import { done, failure } from './claims.ts';
import { newStore, useDatabases } from './databases.ts';

const { postgres15, postgres18 } = useDatabases();

/** Takes every connection of the pool, and lets others queue for them, until it is told to stop. */
async function exhaust(pool: Pool, max: number) {
  const taken = await Promise.all(Array.from({ length: max }, () => pool.connect()));
  const queued = Array.from({ length: 20 }, () => pool.query('SELECT 1'));
  return async () => {
    for (const connection of taken) connection.release();
    await Promise.all(queued);
  };
}

for (const database of [postgres18, postgres15]) {
  for (const max of [1, 2]) {
    describe(`behind the queries of an application with a pool of ${max} on ${database.name}`, () => {
      test('a renewal and settlements do not wait', async () => {
        const { sibling, store: direct } = await newStore(database);
        const client = (await database.client({ max })) as Pool;
        const store = await sibling({ client, timeout: '60s' });
        const [completed, released, renewed] = [newClaim(), newClaim(), newClaim()];
        for (const claim of [completed, released, renewed]) await store.acquire(claim);
        const stop = await exhaust(client, max);
        const lease = await store.renew(renewed.id, renewed.token, 90_000);
        expect(lease!.remainingMs).toBeGreaterThan(80_000);
        expect((await store.complete(completed.id, completed.token, done)).status).toBe('done');
        expect((await store.release(released.id, released.token, failure)).status).toBe('done');
        // What is read back where nothing changed does not wait either.
        const again = await store.complete(completed.id, completed.token, done);
        expect(again.status).toBe('already_done');
        await stop();
        expect((await direct.get(renewed.id))?.status).toBe('in_progress');
      });

      test('an execution keeps its record to itself', async () => {
        const { sibling, store: direct } = await newStore(database);
        const client = (await database.client({ max })) as Pool;
        const store = await sibling({ client, timeout: '60s' });
        const lease = '1500ms';
        const mine = createIdempotency({ environment: 'test', store, lease, storeTimeout: '60s' });
        const others = createIdempotency({ environment: 'test', store: direct, lease });
        const work = { operation: 'work', key: 1 };
        let seen: unknown;
        const done = await mine.execute(work, async () => {
          const stop = await exhaust(client, max);
          const start = performance.now();
          // Longer than two leases: what counts is that the time passed.
          while (performance.now() - start < 3_500) {
            await new Promise((resolve) => setTimeout(resolve, 100));
            seen = await others.execute(work, () => 'twice').catch((error) => error.code);
            if (seen !== 'IN_PROGRESS') break;
          }
          await stop();
          return 'once';
        });
        expect(seen).toBe('IN_PROGRESS');
        expect(done.value).toBe('once');
        expect((await others.execute(work, () => 'twice')).value).toBe('once');
      });
    });
  }
}

test('connections of its own are opened only where the pool has none free, and closed with the store', async () => {
  const application_name = `small-${Math.random()}`;
  const { sibling, rows } = await newStore(postgres18);
  const client = (await postgres18.client({ max: 2, application_name })) as Pool;
  let connects = 0;
  client.on('connect', () => {
    connects += 1;
  });
  const open = async () =>
    (
      await rows<{ pid: number }>('SELECT pid FROM pg_stat_activity WHERE application_name = $1', [
        application_name,
      ])
    ).length;
  const store = await sibling({ client });
  const claim = newClaim();
  await store.acquire(claim);
  await store.renew(claim.id, claim.token, 90_000);
  expect(await open()).toBe(client.totalCount);
  const stop = await exhaust(client, 2);
  await store.renew(claim.id, claim.token, 90_000);
  expect(await open()).toBe(3);
  // What the application does to each new connection is done to these, too.
  expect(connects).toBe(3);
  await stop();
  await store.close();
  while ((await open()) > 2);
  expect((await store.acquire(rivalOf(claim))).status).toBe('existing');
});

test('none are opened where that is turned off', async () => {
  const { sibling } = await newStore(postgres18);
  const client = (await postgres18.client({ max: 1 })) as Pool;
  const store = await sibling({ client, timeout: '200ms', ownConnections: false });
  const claim = newClaim();
  await store.acquire(claim);
  const stop = await exhaust(client, 1);
  await expect(store.renew(claim.id, claim.token, 90_000)).rejects.toThrow(/no connection within/);
  await stop();
});
