import type { Claim } from '@twiceproof/core';
import { newClaim, rivalOf } from '@twiceproof/testing';
import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { counted } from '../test/counted.ts';
import { newStore, useDatabases } from '../test/databases.ts';

const { postgres18, postgres15 } = useDatabases();

test.each([postgres18, postgres15])(
  'of 64 claims on $name, a locked, an oversized, a corrupt and a mistyped one keep none of the others waiting',
  async (database) => {
    const made = await newStore(database);
    const { client, rows, table } = made;
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
    const holder = await (client as Pool).connect();
    try {
      await holder.query('BEGIN');
      await holder.query(`SELECT 1 FROM ${table} WHERE id = $1 FOR UPDATE`, [locked.id]);
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
