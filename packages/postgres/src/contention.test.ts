import type { Claim } from '@twiceproof/core';
import { newClaim, rivalOf } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { describe, expect, test } from 'vitest';
import { done, failure, newToken } from '../test/claims.ts';
import { newStore, useDatabases } from '../test/databases.ts';

const { postgres18, postgres15 } = useDatabases();

for (const database of [postgres18, postgres15]) {
  describe(`contention on ${database.name}`, { retry: 0 }, () => {
    test('20,000 contended claims never come back empty', async () => {
      const { store, sibling } = await newStore(database);
      const stores = [store, await sibling()];
      let calls = 0;
      for (let round = 0; round < 20; round += 1) {
        const claims = Array.from({ length: 20 }, () => newClaim());
        const answers = await Promise.all(
          claims.flatMap((claim) =>
            Array.from({ length: 50 }, (_, at) => stores[at % 2]!.acquire(rivalOf(claim))),
          ),
        );
        calls += answers.length;
        for (const claim of claims) {
          const same = answers.filter(({ record }) => record.id === claim.id);
          const granted = same.filter(({ status }) => status === 'acquired');
          expect(same).toHaveLength(50);
          expect(granted).toHaveLength(1);
          expect(new Set(same.map(({ record }) => record.token)).size).toBe(1);
        }
      }
      expect(calls).toBe(20_000);
    });

    test('a record that changes hands all the time has one owner at a time', async () => {
      const { store, sibling } = await newStore(database);
      const stores = [store, await sibling()];
      const mine = newClaim();
      const fences: number[] = [];
      let owners = 0;
      const work = async (at: number) => {
        while (fences.length < 100) {
          const claim = rivalOf(mine);
          const answer = await stores[at % 2]!.acquire(claim);
          if (answer.status === 'existing') continue;
          owners += 1;
          expect(owners).toBe(1);
          fences.push(answer.record.fence);
          owners -= 1;
          const released = await stores[at % 2]!.release(mine.id, claim.token, failure);
          expect(released.status).toBe('done');
        }
      };
      await Promise.all(Array.from({ length: 20 }, (_, at) => work(at)));
      expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b));
    });

    test('overlapping batches of two processes never deadlock', async () => {
      const { store, sibling, rows } = await newStore(database);
      const stores = [store, await sibling()];
      const deadlocks = async () => {
        const text = 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()';
        return Number((await rows<{ deadlocks: string }>(text))[0]!.deadlocks);
      };
      const before = await deadlocks();
      const claims = Array.from({ length: 60 }, () => newClaim({ leaseMs: 1 }));
      // Leases of a millisecond: everything is taken over all the time, and settled late.
      for (let round = 0; round < 15; round += 1) {
        await Promise.all(
          stores.flatMap((one, at) =>
            claims.map(async (claim, index) => {
              const other = at === 0 ? claim : claims[claims.length - 1 - index]!;
              const token = newToken();
              const answer = await one.acquire({ ...other, token });
              if (answer.status === 'existing') return;
              await one.renew(other.id, token, 1);
              if (index % 3 === 0) await one.release(other.id, token, failure);
              if (index % 3 === 1 && round === 14) await one.complete(other.id, token, done);
            }),
          ),
        );
      }
      expect(await deadlocks()).toBe(before);
    });
  });
}

test('a row that is locked for long holds up no others of its batch', async () => {
  const { store, client, table } = await newStore(postgres18, { timeout: '3s' });
  const claims = Array.from({ length: 40 }, () => newClaim({ leaseMs: 1 }));
  await Promise.all(claims.map((claim) => store.acquire(claim)));
  const locked = claims[7]!;
  const connection = await (client as Pool).connect();
  await connection.query('BEGIN');
  await connection.query(`SELECT 1 FROM ${table} WHERE id = $1 FOR UPDATE`, [locked.id]);
  const again = (claim: Claim) => store.acquire(rivalOf(claim, { leaseMs: 60_000 }));
  let isUnlocked = false;
  const blocked = again(locked).finally(() => {
    expect(isUnlocked).toBe(true);
  });
  // Had they to wait for the locked row, they would fail at the timeout: nothing else unlocks it.
  const answers = await Promise.all(claims.filter((claim) => claim !== locked).map(again));
  isUnlocked = true;
  await connection.query('COMMIT');
  connection.release();
  answers.push(await blocked);
  expect(answers.map(({ status }) => status)).toEqual(claims.map(() => 'acquired'));
});

test('a row that cannot be stored fails its own caller alone', async () => {
  const { store } = await newStore(postgres18);
  const good = Array.from({ length: 20 }, () => newClaim());
  const bad = newClaim({ run: 2 ** 70 });
  const answers = await Promise.allSettled([...good, bad].map((claim) => store.acquire(claim)));
  expect(answers.map(({ status }) => status)).toEqual([...good.map(() => 'fulfilled'), 'rejected']);
});

test('two settlements of one record in one tick are answered apart', async () => {
  const { store } = await newStore(postgres18);
  const mine = newClaim();
  await store.acquire(mine);
  const stranger = rivalOf(mine);
  const [foreign, first, second] = await Promise.all([
    store.complete(mine.id, stranger.token, done),
    store.complete(mine.id, mine.token, done),
    store.complete(mine.id, mine.token, done),
  ]);
  expect(foreign.status).toBe('lost');
  expect([first.status, second.status].sort()).toEqual(['already_done', 'done']);
});
