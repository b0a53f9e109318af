import assert from 'node:assert/strict';
import { recordVersion } from '@twiceproof/core';
import { acquire, done } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { changesNothing } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const deleteSpecs: readonly StoreSpec[] = specs('delete', {
  'removes a record, whatever its status': async ({ stores: [one, other], claim }) => {
    const live = claim();
    await acquire(one, live);
    const completed = claim();
    await acquire(one, completed);
    done(await one.complete(completed.id, completed.token, outcome('done')));
    const failed = claim();
    await acquire(one, failed);
    done(await one.release(failed.id, failed.token, failure('try again')));
    for (const { id } of [live, completed, failed]) {
      assert.equal(await other.delete(id), true);
      assert.equal(await one.get(id), undefined);
    }
  },

  'says so when there is nothing to remove': async ({ stores: [store], claim }) => {
    const mine = claim();
    assert.equal(await store.delete(mine.id), false);
    await acquire(store, mine);
    assert.equal(await store.delete(mine.id), true);
    assert.equal(await store.delete(mine.id), false);
  },

  'lets the work be claimed anew, as a first attempt': async ({
    stores: [store],
    claim,
    rival,
  }) => {
    const mine = claim();
    await acquire(store, mine);
    done(await store.complete(mine.id, mine.token, outcome('done')));
    assert.equal(await store.delete(mine.id), true);
    const record = await acquire(store, rival(mine));
    assert.equal(record.attempt, 1);
    assert.equal(record.outcome, undefined);
    assert.equal(record.createdAt, record.startedAt);
  },

  'with a version, removes the record only while it is at it': async ({
    stores: [one, other],
    claim,
  }) => {
    const mine = claim();
    const inProgress = recordVersion(await acquire(one, mine));
    const completed = recordVersion(done(await one.complete(mine.id, mine.token, outcome('done'))));
    const refused = await changesNothing(one, mine.id, () =>
      other.delete(mine.id, { version: inProgress }),
    );
    assert.equal(refused, false);
    assert.equal(await other.delete(mine.id, { version: completed }), true);
    assert.equal(await one.get(mine.id), undefined);
  },

  'with a version, removes no newer attempt': async ({ stores: [store], claim, rival }) => {
    const mine = claim();
    await acquire(store, mine);
    const failed = recordVersion(
      done(await store.release(mine.id, mine.token, failure('try again'))),
    );
    await acquire(store, rival(mine));
    const refused = await changesNothing(store, mine.id, () =>
      store.delete(mine.id, { version: failed }),
    );
    assert.equal(refused, false);
  },

  'with a version, is not put off by a renewal': async ({ stores: [store], claim }) => {
    const mine = claim();
    const version = recordVersion(await acquire(store, mine));
    assert.ok(await store.renew(mine.id, mine.token, 90_000));
    assert.equal(await store.delete(mine.id, { version }), true);
  },
});
