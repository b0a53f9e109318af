import assert from 'node:assert/strict';
import { acquire, done, granted } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const fenceSpecs: readonly StoreSpec[] = specs('fence', {
  'rises with every attempt': async ({ stores, claim, rival }) => {
    let mine = claim();
    let last = 0;
    for (let round = 0; round < 10; round += 1) {
      const store = stores[round % 2]!;
      const { fence } = await acquire(store, mine);
      assert.ok(fence > last, `${fence} came after ${last}`);
      last = fence;
      done(await store.release(mine.id, mine.token, failure('try again')));
      mine = rival(mine);
    }
  },

  'goes on rising after the record was deleted': async ({ stores, claim, rival }) => {
    let mine = claim();
    let last = 0;
    for (let round = 0; round < 10; round += 1) {
      const store = stores[round % 2]!;
      const { fence } = await acquire(store, mine);
      assert.ok(fence > last, `${fence} came after ${last}`);
      last = fence;
      if (round % 2 === 0) done(await store.complete(mine.id, mine.token, outcome('done')));
      assert.equal(await store.delete(mine.id), true);
      mine = rival(mine);
    }
  },

  'goes on rising after the record expired': async ({
    stores: [store],
    claim,
    rival,
    shortMs,
    eventually,
  }) => {
    const mine = claim();
    const first = await acquire(store, mine);
    const retentionMs = shortMs;
    done(await store.complete(mine.id, mine.token, outcome('done', { retentionMs })));
    const theirs = rival(mine);
    const second = await eventually('claim of the expired record', () => granted(store, theirs));
    assert.ok(second.fence > first.fence, `${second.fence} came after ${first.fence}`);
  },

  'stays the same from claim to settlement': async ({ stores: [store], claim }) => {
    const mine = claim();
    const { fence } = await acquire(store, mine);
    assert.ok(await store.renew(mine.id, mine.token, 60_000));
    assert.equal(done(await store.complete(mine.id, mine.token, outcome('done'))).fence, fence);
  },
});
