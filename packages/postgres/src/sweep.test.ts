import { setTimeout as sleep } from 'node:timers/promises';
import { newClaim, rivalOf } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { describe, expect, test } from 'vitest';
import { done, failure } from '../test/claims.ts';
import { newStore, type TestStore, useDatabases } from '../test/databases.ts';

const { all, postgres18 } = useDatabases();

/** A record for each way to end, all of them expired or about to. */
async function fillWith({ store }: Pick<TestStore, 'store'>, retentionMs: number) {
  const completed = newClaim({ retentionMs: 1, leaseMs: 60_000 });
  const failed = newClaim();
  const abandoned = newClaim({ leaseMs: 1, retentionMs });
  for (const claim of [completed, failed, abandoned]) await store.acquire(claim);
  await store.complete(completed.id, completed.token, { ...done, retentionMs });
  await store.release(failed.id, failed.token, { ...failure, retentionMs });
  return [completed, failed, abandoned].map(({ id }) => id);
}

for (const database of all) {
  describe(`sweep on ${database.name}`, () => {
    test('deletes what expired: completed, failed and abandoned', async () => {
      const made = await newStore(database);
      const { store, rows, table } = made;
      await fillWith(made, 1);
      // What the claims wrote decides when the sweep looks: they were to outlive their leases.
      await rows(`UPDATE ${table} SET sweep_at = 1`);
      await sleep(20);
      expect(await store.sweep()).toEqual({ deleted: 3, paused: false });
      expect(await rows(`SELECT id FROM ${table}`)).toEqual([]);
    });

    test('deletes nothing that still counts, and comes back when it will have expired', async () => {
      const made = await newStore(database);
      const { store, rows, table } = made;
      const ids = await fillWith(made, 3_600_000);
      const forever = newClaim();
      await store.acquire(forever);
      await store.complete(forever.id, forever.token, { ...done, retentionMs: null });
      await rows(`UPDATE ${table} SET sweep_at = 1`);
      expect(await store.sweep()).toEqual({ deleted: 0, paused: false });
      const times = await rows<{ id: string; sweep_at: unknown; expires_at: unknown }>(
        `SELECT id, sweep_at, expires_at FROM ${table}`,
      );
      expect(times.map(({ id }) => id).sort()).toEqual([...ids, forever.id].sort());
      for (const { sweep_at, expires_at } of times) expect(sweep_at).toBe(expires_at);
    });

    test('deletes also what its claim kept for ever, or for much longer than its end', async () => {
      const { store, rows, table } = await newStore(database);
      const held = newClaim({ retentionMs: null, abandoned: 'hold' });
      const failed = newClaim({ retentionMs: 30 * 86_400_000 });
      const waiting = newClaim({ leaseMs: 1, retentionMs: null, abandoned: 'hold' });
      for (const claim of [held, failed, waiting]) await store.acquire(claim);
      await store.complete(held.id, held.token, { ...done, retentionMs: 1 });
      await store.release(failed.id, failed.token, { ...failure, retentionMs: 1 });
      await store.release(waiting.id, waiting.token, { ...failure, unknown: true, retentionMs: 1 });
      await sleep(20);
      expect(await store.sweep()).toEqual({ deleted: 2, paused: false });
      expect(await rows(`SELECT id FROM ${table}`)).toEqual([{ id: waiting.id }]);
    });

    test('deletes no record that was renewed beyond its first expiry', async () => {
      const { store, rows, table } = await newStore(database);
      const claim = newClaim({ leaseMs: 1, retentionMs: 1 });
      await store.acquire(claim);
      // Renewed while it counts: far away from now, whatever the machine is busy with.
      await rows(`UPDATE ${table} SET lease_until = lease_until + 60000,
        expires_at = expires_at + 60000`);
      expect(await store.renew(claim.id, claim.token, 60_000)).toBeDefined();
      await sleep(20);
      expect(await store.sweep()).toEqual({ deleted: 0, paused: false });
      expect((await store.complete(claim.id, claim.token, done)).status).toBe('done');
    });

    test('paused, deletes nothing, says so, and goes on replaying', async () => {
      const made = await newStore(database, { retirement: 'paused' });
      const { store, rows, table, sibling } = made;
      const [completed] = await fillWith(made, 1);
      await rows(`UPDATE ${table} SET sweep_at = 1`);
      await sleep(20);
      expect(await store.sweep()).toEqual({ deleted: 0, paused: true });
      expect(await store.get(completed!)).toMatchObject({ status: 'completed' });
      const turnedBack = await sibling({ retirement: 'on' });
      expect(await turnedBack.get(completed!)).toBe(undefined);
      expect(await turnedBack.sweep()).toEqual({ deleted: 3, paused: false });
    });

    test('works in batches, and ends early when it is told to', async () => {
      const { store, rows, table } = await newStore(database);
      const claims = Array.from({ length: 25 }, () => newClaim({ leaseMs: 1, retentionMs: 1 }));
      await Promise.all(claims.map((claim) => store.acquire(claim)));
      await sleep(20);
      const controller = new AbortController();
      const first = store.sweep({ batch: 10, pause: '1h', signal: controller.signal });
      const left = async () => (await rows(`SELECT id FROM ${table}`)).length;
      while ((await left()) !== 15);
      controller.abort();
      expect(await first).toEqual({ deleted: 10, paused: false });
      const progress: number[] = [];
      const onProgress = (deleted: number) => progress.push(deleted);
      const rest = await store.sweep({ batch: 10, pause: 1, onProgress });
      expect(rest).toEqual({ deleted: 15, paused: false });
      expect(progress).toEqual([10, 15]);
      expect(await store.sweep({ signal: AbortSignal.abort() })).toMatchObject({ deleted: 0 });
    });
  });
}

test('a bad batch or pause is refused', async () => {
  const { store } = await newStore(postgres18);
  const invalid = { code: 'OPTIONS_INVALID' };
  await expect(store.sweep({ batch: 0 })).rejects.toMatchObject(invalid);
  await expect(store.sweep({ batch: 1.5 })).rejects.toMatchObject(invalid);
  await expect(store.sweep({ pause: -1 })).rejects.toMatchObject(invalid);
});

test('passes by a record that somebody is writing', async () => {
  const { store, client, table } = await newStore(postgres18);
  const claims = Array.from({ length: 3 }, () => newClaim({ leaseMs: 1, retentionMs: 1 }));
  await Promise.all(claims.map((claim) => store.acquire(claim)));
  await sleep(20);
  const connection = await (client as Pool).connect();
  await connection.query('BEGIN');
  await connection.query(`UPDATE ${table} SET token = 'x' WHERE id = $1`, [claims[0]!.id]);
  expect(await store.sweep()).toMatchObject({ deleted: 2 });
  await connection.query('ROLLBACK');
  connection.release();
  expect(await store.sweep()).toMatchObject({ deleted: 1 });
});

test('racing claims and other sweeps, removes no live record', async () => {
  const { store, sibling } = await newStore(postgres18);
  const other = await sibling();
  const claims = Array.from({ length: 40 }, () => newClaim({ leaseMs: 1, retentionMs: 1 }));
  let isOver = false;
  const sweeping = [store, other].map(async (one) => {
    let deleted = 0;
    while (!isOver) deleted += (await one.sweep({ batch: 7 })).deleted;
    return deleted;
  });
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(claims.map((claim) => store.acquire(rivalOf(claim))));
    await sleep(10);
  }
  const lasting = claims.map((claim) => rivalOf(claim, { leaseMs: 60_000 }));
  await Promise.all(lasting.map((claim) => store.acquire(claim)));
  await sleep(50);
  isOver = true;
  const deleted = await Promise.all(sweeping);
  expect(deleted[0]! + deleted[1]!).toBeGreaterThan(0);
  for (const claim of lasting) {
    expect((await store.complete(claim.id, claim.token, done)).status).toBe('done');
  }
});
