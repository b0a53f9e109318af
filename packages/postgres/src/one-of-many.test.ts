import type { Claim } from '@twiceproof/core';
import { newClaim, rivalOf } from '@twiceproof/testing';
import type { Pool, PoolClient } from 'pg';
import { expect, test } from 'vitest';
import { claimsMetTogether, done } from '../test/claims.ts';
import { counted } from '../test/counted.ts';
import { newStore, type TestStore, useDatabases } from '../test/databases.ts';

const { postgres18, postgres15 } = useDatabases();

/** Somebody else's transaction that holds the record until it commits. */
async function lock({ client, table }: TestStore, { id }: Claim): Promise<PoolClient> {
  const holder = await (client as Pool).connect();
  await holder.query('BEGIN');
  await holder.query(`SELECT 1 FROM ${table} WHERE id = $1 FOR UPDATE`, [id]);
  return holder;
}

test.each([postgres18, postgres15])(
  'of 64 claims on $name, a locked, an oversized, a corrupt and a mistyped one keep none of the others waiting',
  async (database) => {
    const made = await newStore(database);
    const { rows, table } = made;
    const good = Array.from({ length: 60 }, () => newClaim());
    const locked = newClaim({ leaseMs: 1 });
    const corrupt = newClaim();
    const oversized = newClaim({ id: `test/charge/0/${'x'.repeat(3_000)}` });
    const mistyped = newClaim({ run: 2 ** 70 });
    for (const claim of [locked, corrupt]) await made.store.acquire(claim);
    await rows(`ALTER TABLE ${table} DROP CONSTRAINT twiceproof_records_status_check`);
    await rows(`UPDATE ${table} SET status = 'gone' WHERE id = $1`, [corrupt.id]);
    // Half of the timeout is how long a locked row is waited for.
    const { store, statementsOf } = await counted(database, made, { timeout: '2m' });
    const again = (claim: Claim) => store.acquire(rivalOf(claim, { leaseMs: 60_000 }));
    const holder = await lock(made, locked);
    try {
      let waiting: Promise<unknown> | undefined;
      const asked = await statementsOf(async () => {
        waiting = again(locked);
        const unreadable = expect(again(corrupt)).rejects.toMatchObject({ code: 'RECORD_CORRUPT' });
        const [large, wrong, ...granted] = await Promise.allSettled(
          [oversized, mistyped, ...good].map(again),
        );
        expect(large).toMatchObject({ reason: { code: 'OPTIONS_INVALID' } });
        expect(wrong).toMatchObject({ reason: { code: 'OPTIONS_INVALID' } });
        for (const answer of granted)
          expect(answer).toMatchObject({ value: { status: 'acquired' } });
        await unreadable;
      });
      // Nothing else unlocks it: had the others waited for it, they would not have been answered.
      const more = await statementsOf(async () => {
        await holder.query('COMMIT');
        expect(await waiting).toMatchObject({ status: 'acquired' });
      });
      // The claim that all share, a read of the two that were not granted, and the one that waits.
      expect(asked + more).toBe(3);
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
  },
);

test.each([postgres18, postgres15])(
  'of 64 settlements and replays on $name, a locked, an oversized, a corrupt and a lost one keep none of the others waiting',
  async (database) => {
    const made = await newStore(database);
    const { rows, table } = made;
    await rows(`ALTER TABLE ${table} DROP CONSTRAINT twiceproof_records_status_check`);
    // Half of the timeout is how long a locked row is waited for.
    const { store, statementsOf } = await counted(database, made, { timeout: '2m' });
    const claims = claimsMetTogether(64, { leaseMs: 600_000 });
    const [locked, oversized, corrupt, lost] = claims as [Claim, Claim, Claim, Claim];
    await Promise.all(claims.map((claim) => store.acquire(claim)));
    await rows(`UPDATE ${table} SET status = 'gone' WHERE id = $1`, [corrupt.id]);
    await made.store.delete(lost.id);
    await made.store.acquire(rivalOf(lost));
    const settle = ({ id, token }: Claim) => {
      const bytes =
        id === oversized.id ? new Uint8Array(store.limits.maxRecordBytes + 1) : done.bytes;
      return store.complete(id, token, { ...done, bytes });
    };
    const holder = await lock(made, locked);
    try {
      let waiting: Promise<unknown> | undefined;
      const asked = await statementsOf(async () => {
        const [slow, ...others] = claims.map(settle);
        waiting = slow;
        const [large, unreadable, ...settled] = await Promise.allSettled(others);
        expect(large).toMatchObject({ value: { status: 'too_large' } });
        expect(unreadable).toMatchObject({ reason: { code: 'RECORD_CORRUPT' } });
        const [foreign, ...good] = settled;
        expect(foreign).toMatchObject({ value: { status: 'lost' } });
        expect(good).toHaveLength(60);
        for (const answer of good) expect(answer).toMatchObject({ value: { status: 'done' } });
      });
      const replayed = await statementsOf(async () => {
        const [, , unreadable, ...found] = await Promise.allSettled(
          claims.map((claim) => store.acquire(rivalOf(claim))),
        );
        expect(unreadable).toMatchObject({ reason: { code: 'RECORD_CORRUPT' } });
        for (const answer of found) expect(answer).toMatchObject({ value: { status: 'existing' } });
      });
      // The one that met the lock, one that passes by it, three by themselves, and a read for two of these.
      expect(asked).toBe(7);
      // A read waits for no lock.
      expect(replayed).toBe(1);
      await holder.query('COMMIT');
      expect(await waiting).toMatchObject({ status: 'done' });
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
  },
);

test('of 64 renewals, one of a locked record keeps none of the others waiting', async () => {
  const made = await newStore(postgres18);
  const { store, statementsOf } = await counted(postgres18, made, { timeout: '2m' });
  const claims = Array.from({ length: 64 }, () => newClaim());
  const [locked] = claims as [Claim];
  await Promise.all(claims.map((claim) => store.acquire(claim)));
  const holder = await lock(made, locked);
  try {
    const asked = await statementsOf(async () => {
      const [waiting, ...others] = claims.map(({ id, token }) => store.renew(id, token, 60_000));
      for (const lease of await Promise.all(others)) expect(lease).toBeDefined();
      await holder.query('COMMIT');
      expect(await waiting).toBeDefined();
    });
    expect(asked).toBe(3);
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }
});
