import assert from 'node:assert/strict';
import { acquire, done, read } from './answers.ts';
import { outcome } from './endings.ts';
import { assertBytes } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const getSpecs: readonly StoreSpec[] = specs('get', {
  'answers nothing for an absent record': async ({ stores: [store], claim }) => {
    assert.equal(await store.get(claim().id), undefined);
  },

  'answers the record with its outcome bytes and their number': async ({
    stores: [store],
    claim,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    done(await store.complete(mine.id, mine.token, outcome('twelve bytes')));
    const record = await read(store, mine.id);
    assertBytes(record.outcome, outcome('twelve bytes').bytes);
    assert.equal(record.outcomeBytes, 12);
  },
});
