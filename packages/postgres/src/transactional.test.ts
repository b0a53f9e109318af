import { setTimeout as sleep } from 'node:timers/promises';
import { createIdempotency, isIdempotencyError } from '@twiceproof/core';
import { newClaim, rivalOf } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { describe, expect, test, vi } from 'vitest';
import { done, failure } from '../test/claims.ts';
import { useDatabases } from '../test/databases.ts';
import { payments } from '../test/payments.ts';
import type { PostgresQueryable } from './client.ts';
import { transactional } from './transactional.ts';

const databases = useDatabases();

for (const database of databases.all) {
  describe(`transactional on ${database.name}`, () => {
    test('commits claim, effect and outcome together', async () => {
      const { start, ledger, records } = await payments(database);
      const pay = await start();
      expect(await pay('p-1', 10)).toBe('p-1 paid');
      expect(await ledger()).toHaveLength(1);
      expect(await records()).toMatchObject([{ status: 'completed', attempt: 1 }]);
      expect(await pay.execute('p-1', 10)).toMatchObject({ outcome: 'replayed' });
      expect(await ledger()).toHaveLength(1);
    });

    test('undoes the effect of a failed function, and notes the failure', async () => {
      const { start, pay, ledger, records } = await payments(database);
      const fails = await start(async (tx, ...args) => {
        await pay(tx, ...args);
        throw new Error('no funds');
      });
      await expect(fails('p-1', 10)).rejects.toThrow('no funds');
      expect(await ledger()).toEqual([]);
      expect(await records()).toMatchObject([{ status: 'failed', error_message: 'no funds' }]);
      const works = await start();
      expect(await works.execute('p-1', 10)).toMatchObject({
        outcome: 'executed',
        record: { attempt: 2 },
      });
    });

    test('undoes the effect of a function that failed in the database', async () => {
      const { start, ledger, records } = await payments(database);
      const pay = await start();
      await expect(pay('p-1', -1)).rejects.toMatchObject({ code: '23514' });
      expect(await ledger()).toEqual([]);
      expect(await records()).toMatchObject([{ status: 'failed' }]);
    });

    test('undoes the effect of a failure that is recorded, and replays the failure', async () => {
      const { start, pay, ledger, records } = await payments(database);
      const fails = await start(
        async (tx, ...args) => {
          await pay(tx, ...args);
          throw new Error('no funds');
        },
        { failure: 'record' },
      );
      await expect(fails('p-1', 10)).rejects.toThrow('no funds');
      await expect(fails('p-1', 10)).rejects.toThrow('no funds');
      expect(await ledger()).toEqual([]);
      expect(await records()).toMatchObject([{ status: 'completed', attempt: 1 }]);
    });

    test('records a failure in the database, and replays it', async () => {
      const { start, pay, ledger, records } = await payments(database);
      const fails = await start(
        async (tx, payment, amount) => {
          await pay(tx, payment, 1);
          return pay(tx, `${payment}, again`, amount);
        },
        { failure: 'record' },
      );
      await expect(fails('p-1', -1)).rejects.toMatchObject({ code: '23514' });
      await expect(fails('p-1', -1)).rejects.toThrow(/check constraint/);
      expect(await ledger()).toEqual([]);
      expect(await records()).toMatchObject([{ status: 'completed', attempt: 1 }]);
    });

    test('keeps an execution whose lease is renewed for longer than a failed record is kept', async () => {
      const { start, pay, ledger } = await payments(database);
      const slow = await start(
        async (tx, ...args) => {
          await sleep(3_000);
          return pay(tx, ...args);
        },
        { lease: '2s', retention: { completed: '1h', failed: '50ms' } },
      );
      expect(await slow('p-1', 10)).toBe('p-1 paid');
      expect(await ledger()).toHaveLength(1);
    });

    test('says so when the commit is refused, and leaves nothing', async () => {
      const { start, pay, ledger, records } = await payments(database);
      const twice = await start(async (tx, ...args) => {
        await pay(tx, ...args);
        return pay(tx, ...args);
      });
      const error = await twice('p-1', 10).catch((caught) => caught);
      expect(isIdempotencyError(error, 'LEASE_LOST')).toBe(true);
      expect(error.recordId).toBe(await twice.idOf('p-1', 10));
      expect(error.message).toMatch(/effect and the record were both rolled back/);
      expect(error.cause).toMatchObject({ code: '23505' });
      expect(await ledger()).toEqual([]);
      expect(await records()).toEqual([]);
      expect(await (await start())('p-1', 10)).toBe('p-1 paid');
    });

    test('answers no value of an undone effect, whatever is to be done in an outage', async () => {
      const { start, pay, ledger, records } = await payments(database);
      const twice = await start(
        async (tx, ...args) => {
          await pay(tx, ...args);
          return pay(tx, ...args);
        },
        { storeOutage: 'execute' },
      );
      await expect(twice('p-1', 10)).rejects.toMatchObject({ code: 'LEASE_LOST' });
      expect(await ledger()).toEqual([]);
      expect(await records()).toEqual([]);
    });

    test('says so when the function went on after an error of the database', async () => {
      const { start, pay, ledger, records } = await payments(database);
      const careless = await start(async (tx, payment) => {
        await pay(tx, payment, -1).catch(() => {});
        return 'paid';
      });
      await expect(careless('p-1', 10)).rejects.toThrow();
      expect(await ledger()).toEqual([]);
      expect(await records()).toEqual([]);
    });

    test('lets a duplicate wait for the commit, and replays to it', async () => {
      const { start, pay, ledger } = await payments(database);
      let calls = 0;
      const slow = async (tx: PostgresQueryable, payment: string, amount: number) => {
        calls += 1;
        await sleep(200);
        return pay(tx, payment, amount);
      };
      const processes = [await start(slow), await start(slow)];
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, at) => processes[at % 2]!.execute('p-1', 10)),
      );
      expect(calls).toBe(1);
      expect(answers.filter(({ outcome }) => outcome === 'executed')).toHaveLength(1);
      for (const { value } of answers) expect(value).toBe('p-1 paid');
      expect(await ledger()).toHaveLength(1);
    });

    test('rolls back when the lease is over, and settles nothing afterwards', async () => {
      const { start, pay, ledger, records, schema } = await payments(database);
      const { store } = transactional({ client: await database.client(), schema });
      const claim = newClaim({ leaseMs: 100 });
      expect((await store.acquire(claim)).status).toBe('acquired');
      await sleep(200);
      expect(await store.complete(claim.id, claim.token, done)).toEqual({ status: 'lost' });
      expect(await store.renew(claim.id, claim.token, 1_000)).toBe(undefined);
      expect(await records()).toEqual([]);
      expect(await (await start(pay))('p-1', 10)).toBe('p-1 paid');
      expect(await ledger()).toHaveLength(1);
    });

    test('recognises a claim and a completion that are sent again', async () => {
      const { schema } = await payments(database);
      const { store } = transactional({ client: await database.client(), schema });
      const claim = newClaim();
      const first = await store.acquire(claim);
      const again = await store.acquire(claim);
      expect(again).toMatchObject({ status: 'acquired', record: first.record });
      expect((await store.complete(claim.id, claim.token, done)).status).toBe('done');
      expect((await store.complete(claim.id, claim.token, done)).status).toBe('already_done');
      expect((await store.acquire(rivalOf(claim))).status).toBe('existing');
    });

    test('refuses a statement that comes after the end', async () => {
      const { start, ledger } = await payments(database);
      let late: PostgresQueryable | undefined;
      const pay = await start(async (tx) => {
        late = tx;
        return 'nothing yet';
      });
      await pay('p-1', 10);
      await expect(late!.query('SELECT 1')).rejects.toThrow(/is over/);
      expect(await ledger()).toEqual([]);
    });

    test('runs in a transaction without a record where idempotency is turned off', async () => {
      const { schema, ledger, records, pay } = await payments(database);
      const { store, effect } = transactional({ client: await database.client(), schema });
      const off = createIdempotency({ environment: 'test', store, enabled: false });
      const fails = off.wrap(
        effect(async (tx, payment: string) => {
          await pay(tx, payment, 10);
          throw new Error('no funds');
        }),
        { operation: 'pay' },
      );
      await expect(fails('p-1')).rejects.toThrow('no funds');
      expect(await ledger()).toEqual([]);
      expect(await records()).toEqual([]);
    });

    test('shares its records with a plain store', async () => {
      const { start, sibling } = await payments(database);
      const pay = await start();
      const id = await pay.idOf('p-1', 10);
      await pay('p-1', 10);
      const plain = await sibling();
      expect(await plain.get(id)).toMatchObject({ status: 'completed' });
      expect(await pay.records.delete(id)).toBe(true);
      expect(await plain.get(id)).toBe(undefined);
    });
  });
}

test('a crash leaves nothing, and the next call executes', async () => {
  const { start, pay, ledger, records, rows } = await payments(databases.postgres18);
  const crashes = await start(async (tx, ...args) => {
    await pay(tx, ...args);
    const { rows: own } = await tx.query('SELECT pg_backend_pid() AS pid');
    // What the server sees when the process of the executor dies.
    await rows('SELECT pg_terminate_backend($1)', [(own[0] as { pid: number }).pid]);
    await tx.query('SELECT 1');
    return 'never';
  });
  await expect(crashes('p-1', 10)).rejects.toThrow();
  expect(await ledger()).toEqual([]);
  expect(await records()).toEqual([]);
  expect(await (await start())('p-1', 10)).toBe('p-1 paid');
});

test('a connection that is gone before the commit leaves nothing, and says so', async () => {
  const { start, pay, ledger, records, rows } = await payments(databases.postgres18);
  const cutOff = await start(async (tx, ...args) => {
    const { rows: own } = await tx.query('SELECT pg_backend_pid() AS pid');
    const paid = await pay(tx, ...args);
    await rows('SELECT pg_terminate_backend($1)', [(own[0] as { pid: number }).pid]);
    return paid;
  });
  await expect(cutOff('p-1', 10)).rejects.toMatchObject({ code: 'LEASE_LOST' });
  expect(await ledger()).toEqual([]);
  expect(await records()).toEqual([]);
  expect(await (await start())('p-1', 10)).toBe('p-1 paid');
});

test('a duplicate in another process is told that the record is in progress, after a while', async () => {
  const { schema, records } = await payments(databases.postgres18);
  const client = () => databases.postgres18.client();
  const one = transactional({ client: await client(), schema });
  const other = transactional({ client: await client(), schema, lockWait: '100ms' });
  const claim = newClaim();
  await one.store.acquire(claim);
  const answer = await other.store.acquire(rivalOf(claim));
  expect(answer).toMatchObject({ status: 'existing', record: { status: 'in_progress' } });
  expect(answer.leaseRemainingMs).toBeGreaterThan(0);
  expect(await records()).toEqual([]);
  await one.store.complete(claim.id, claim.token, done);
  expect((await other.store.acquire(rivalOf(claim))).record.status).toBe('completed');
});

test('a process that stood still while duplicates waited sets no timer in the past', async () => {
  const { schema } = await payments(databases.postgres18);
  const client = (await databases.postgres18.client()) as Pool;
  const lockWaitMs = 500;
  const { store } = transactional({ client, schema, lockWait: lockWaitMs });
  const claim = newClaim();
  await store.acquire(claim);
  const duplicates = [rivalOf(claim), rivalOf(claim)].map((rival) => store.acquire(rival));
  // They ask for the record as soon as the transaction that they wait for is over.
  const connect = client.connect.bind(client) as (...args: unknown[]) => never;
  const asked = vi.spyOn(client, 'connect').mockImplementationOnce((...args: unknown[]) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lockWaitMs);
    return connect(...args);
  });
  const timers = vi.spyOn(globalThis, 'setTimeout');
  try {
    await store.release(claim.id, claim.token, failure);
    const answers = await Promise.all(duplicates);
    expect(answers.map(({ status }) => status).sort()).toEqual(['acquired', 'existing']);
    expect(answers.map(({ record }) => record.status)).toEqual(['in_progress', 'in_progress']);
    expect(asked).toHaveBeenCalled();
    expect(timers.mock.calls.filter(([, ms]) => ms! < 0)).toEqual([]);
  } finally {
    timers.mockRestore();
    asked.mockRestore();
  }
});

test('a lease, an idle timeout and a time limit may be longer than a timer of Node lasts', async () => {
  const { schema } = await payments(databases.postgres18);
  const client = await databases.postgres18.client({ max: 2 });
  const { store, effect } = transactional({ client, schema, idleTimeout: '365d' });
  const idempotency = createIdempotency({ environment: 'test', store });
  const ask = effect(async (tx) => {
    await sleep(50);
    return (await tx.query('SELECT 1 AS one')).rows;
  });
  const options = { operation: 'ask', key: 1, lease: '60d', maxDuration: '60d' } as const;
  const { value } = await idempotency.execute(options, () => ask());
  expect(value).toEqual([{ one: 1 }]);
});

test('the effect keeps the lock timeout of its session', async () => {
  const { schema } = await payments(databases.postgres18);
  const client = await databases.postgres18.client({ options: '-c lock_timeout=7777' });
  const { store, effect } = transactional({ client, schema });
  const idempotency = createIdempotency({ environment: 'test', store });
  const ask = effect(async (tx) => (await tx.query('SHOW lock_timeout')).rows);
  const { value } = await idempotency.execute({ operation: 'ask', key: 1 }, () => ask());
  expect(value).toEqual([{ lock_timeout: '7777ms' }]);
});
