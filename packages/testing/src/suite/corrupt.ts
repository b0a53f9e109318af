import assert from 'node:assert/strict';
import { isIdempotencyError, RECORD_FORMAT, type StoredRecord } from '@twiceproof/core';
import { acquire, done } from './answers.ts';
import { outcome } from './endings.ts';
import type { StoreContext } from './store-context.ts';
import { type StoreSpec, specs } from './store-spec.ts';

/** A completed record that was damaged behind the store's back. */
async function damaged({ stores: [store], claim, damage }: StoreContext) {
  const mine = claim();
  await acquire(store, mine);
  done(await store.complete(mine.id, mine.token, outcome('the result')));
  await damage(mine.id);
  return mine;
}

/** Either refused as corrupt, or answered such that core refuses it: never taken for good. */
async function isRefused(ask: () => Promise<StoredRecord | undefined>): Promise<void> {
  let record: StoredRecord | undefined;
  try {
    record = await ask();
  } catch (error) {
    assert.ok(isIdempotencyError(error, 'RECORD_CORRUPT'), `should be RECORD_CORRUPT: ${error}`);
    return;
  }
  assert.ok(record, 'a damaged record must not be taken for an absent one');
  const isReadable = record.formatVersion >= 1 && record.formatVersion <= RECORD_FORMAT;
  assert.ok(!isReadable, 'a damaged record must not be taken for a good one');
}

export const corruptSpecs: readonly StoreSpec[] = specs(
  'corrupt record',
  {
    'is refused when it is read': async (context) => {
      const { id } = await damaged(context);
      await isRefused(() => context.stores[1].get(id));
    },

    'is refused to a claim, never executed over': async (context) => {
      const mine = await damaged(context);
      await isRefused(async () => {
        const answer = await context.stores[1].acquire(context.rival(mine));
        assert.notEqual(answer.status, 'acquired', 'a damaged record must not be claimed');
        return answer.record;
      });
    },

    'does not hide the other records from a list': async (context) => {
      const mine = await damaged(context);
      const good = context.claim();
      await acquire(context.stores[0], good);
      const { operation } = context;
      const { records, cursor } = await context.stores[1].list({ operation, limit: 100 });
      const others = records.map(({ id }) => id).filter((id) => id !== mine.id);
      assert.ok(others.includes(good.id) || cursor !== undefined, 'the other record is listed');
    },

    'can be deleted by an operator, and the work begins anew': async (context) => {
      const mine = await damaged(context);
      const [, store] = context.stores;
      assert.equal(await store.delete(mine.id), true);
      await acquire(store, context.rival(mine));
    },
  },
  ['damage'],
);
