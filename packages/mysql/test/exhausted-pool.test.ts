import { createIdempotency, currentExecution } from '@twiceproof/core';
import { newClaim } from '@twiceproof/testing';
import { expect, test } from 'vitest';
import { mysqlStore } from '../src/index.ts';
import { endPools, newStore } from './new-store.ts';

endPools();

const environment = 'test';
const operation = { operation: 'report', key: (id: string) => id };

test('a lease is renewed while the application has all connections, so that nobody takes over', async () => {
  const { store, client, sibling } = await newStore({ connectionLimit: 1 });
  const mine = createIdempotency({ environment, store, lease: '2s' });
  const theirs = createIdempotency({
    ...{ environment, store: sibling().store },
    ...{ lease: '2s', inProgress: 'wait' },
  });
  const begun = Promise.withResolvers<void>();
  let executions = 0;
  const report = async (_id: string) => {
    executions += 1;
    begun.resolve();
    await client.query('DO SLEEP(3.5)');
    return currentExecution().attempt;
  };
  const running = mine.wrap(report, operation)('all');
  await begun.promise;
  expect(await theirs.wrap(report, operation)('all')).toBe(1);
  expect(await running).toBe(1);
  expect(executions).toBe(1);
});

test('a result is recorded while the application has all connections', async () => {
  const { store, client } = await newStore({ connectionLimit: 1 });
  const set: unknown[] = [];
  client.on('connection', (connection) => set.push(connection));
  const idempotency = createIdempotency({ environment, store });
  let isHeld = true;
  let query: Promise<unknown> | undefined;
  const report = idempotency.wrap(async (_id: string) => {
    query = client.query('DO SLEEP(2)').then(() => {
      isHeld = false;
    });
    return 'made';
  }, operation);
  expect(await report('one')).toBe('made');
  expect(isHeld).toBe(true);
  await query;
  expect(await report('one')).toBe('made');
  // What sets up the connections of the pool sets up the store's own as well.
  expect(set.length).toBeGreaterThanOrEqual(1);
});

test('none are opened where that is turned off: a renewal waits for one of the pool', async () => {
  const { client, table } = await newStore({ connectionLimit: 1 });
  const store = mysqlStore({ client, table, ownConnections: false });
  const claim = newClaim();
  await store.acquire(claim);
  const held = await client.getConnection();
  const signal = AbortSignal.timeout(1_000);
  await expect(store.renew(claim.id, claim.token, 90_000, { signal })).rejects.toThrow(
    'due to timeout',
  );
  held.release();
  expect(await store.renew(claim.id, claim.token, 90_000)).toEqual({ remainingMs: 90_000 });
});
