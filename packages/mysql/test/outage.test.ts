import { createIdempotency } from '@twiceproof/core';
import { startMariadb, startProxy } from '@twiceproof/engines';
import { newClaim } from '@twiceproof/testing';
import { createPool } from 'mysql2/promise';
import { expect, inject, onTestFinished, test } from 'vitest';
import { mysqlStore } from '../src/index.ts';
import { endPools, newStore } from './new-store.ts';

endPools();

test('a server that crashes right after the effect: the result is recorded when it is back', async () => {
  const server = await startMariadb({ own: true });
  onTestFinished(() => server.stop());
  const client = createPool(server.url);
  onTestFinished(() => client.end());
  const store = mysqlStore({ client });
  await store.setup();
  const idempotency = createIdempotency({ environment: 'test', store, storeTimeout: '60s' });
  onTestFinished(() => idempotency.close().then(() => {}));
  let charges = 0;
  const charge = idempotency.wrap(
    async (id: string) => {
      charges += 1;
      await server.kill();
      setTimeout(() => void server.restart(), 1_000);
      return `charged ${id}`;
    },
    { operation: 'charge', key: (id) => id, lease: '5s' },
  );
  expect(await charge('o-1')).toBe('charged o-1');
  expect(await charge('o-1')).toBe('charged o-1');
  expect(charges).toBe(1);
});

test('fences rise over a crash of the server, and over deletion', async () => {
  const server = await startMariadb({ own: true });
  onTestFinished(() => server.stop());
  const client = createPool(server.url);
  onTestFinished(() => client.end());
  const store = mysqlStore({ client });
  await store.setup();
  const fences: number[] = [];
  for (let crash = 0; crash < 3; crash += 1) {
    const claim = newClaim({ id: 'test/pay/0/one' });
    fences.push((await store.acquire(claim)).record.fence);
    await store.delete(claim.id);
    await server.kill();
    await server.restart();
    await expect.poll(() => store.get(claim.id).catch(() => 'away')).toBeUndefined();
  }
  expect(fences).toEqual([...fences].sort((a, b) => a - b));
  expect(new Set(fences).size).toBe(3);
});

test('a network that falls silent keeps no connection of the pool', async () => {
  const { table } = await newStore();
  const proxy = await startProxy({ target: inject('mysql') });
  onTestFinished(() => proxy.stop());
  const client = createPool({ uri: proxy.through(inject('mysql')), connectionLimit: 1 });
  onTestFinished(() => client.end());
  const store = mysqlStore({ client, table });
  await store.get('test/pay/0/one');
  proxy.freeze();
  const given = new AbortController();
  const asking = store.acquire(newClaim(), { signal: given.signal });
  setImmediate(() => given.abort(new Error('no longer wanted')));
  await expect(asking).rejects.toThrow('no longer wanted');
  proxy.heal();
  expect((await store.acquire(newClaim())).status).toBe('acquired');
});

test('a claim whose answer was lost is recognised when it is made again', async () => {
  const { table, store: direct } = await newStore();
  const proxy = await startProxy({ target: inject('mysql') });
  onTestFinished(() => proxy.stop());
  const client = createPool({ uri: proxy.through(inject('mysql')) });
  onTestFinished(() => client.end());
  const store = mysqlStore({ client, table });
  const claim = newClaim();
  // Prepared on the way, so that the next one to pass is the execution.
  await store.acquire(newClaim());
  const struck = proxy.cutAfter({ when: (request) => request.includes(claim.token) });
  await expect(store.acquire(claim)).rejects.toThrow();
  await struck;
  expect(await direct.get(claim.id)).toMatchObject({ token: claim.token, attempt: 1 });
  expect(await store.acquire(claim)).toMatchObject({ status: 'acquired', record: { attempt: 1 } });
});
