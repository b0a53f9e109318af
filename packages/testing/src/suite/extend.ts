import assert from 'node:assert/strict';
import { recordVersion } from '@twiceproof/core';
import { acquire, done, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { assertBytes, changesNothing } from './snapshot.ts';
import { type StoreSpec, specs } from './store-spec.ts';

export const extendSpecs: readonly StoreSpec[] = specs(
  'extend',
  {
    'keeps a settled record beyond its first retention': async ({
      stores: [one, other],
      claim,
      shortMs,
      outlast,
    }) => {
      const completed = claim();
      const failed = claim();
      for (const mine of [completed, failed]) await acquire(one, mine);
      const recorded = outcome('kept', { retentionMs: shortMs });
      done(await one.complete(completed.id, completed.token, recorded));
      const note = failure('kept', { retentionMs: shortMs });
      done(await one.release(failed.id, failed.token, note));
      for (const { id } of [completed, failed]) {
        const before = await read(one, id);
        const extended = await other.extend!(id, 7_200_000);
        assert.ok(extended?.expiresAt, 'the changed record is answered');
        assert.ok(extended.expiresAt - before.expiresAt! > 3_600_000);
        assert.notEqual(recordVersion(extended), recordVersion(before), 'its version changes');
        assert.equal(extended.completedAt, before.completedAt);
      }
      await outlast(shortMs);
      assertBytes((await read(one, completed.id)).outcome, recorded.bytes);
      assert.equal((await read(one, failed.id)).lastError?.message, 'kept');
    },

    'can also shorten a retention, counted from now': async ({
      stores: [store],
      claim,
      shortMs,
      eventually,
    }) => {
      const mine = claim();
      await acquire(store, mine);
      done(await store.complete(mine.id, mine.token, outcome('done')));
      assert.ok(await store.extend!(mine.id, shortMs));
      await eventually('end of the new retention', async () => {
        return (await store.get(mine.id)) === undefined;
      });
    },

    'with null, keeps the record until somebody deletes it': async ({
      stores: [store],
      claim,
      shortMs,
      outlast,
    }) => {
      const mine = claim();
      await acquire(store, mine);
      const retentionMs = shortMs;
      done(await store.complete(mine.id, mine.token, outcome('done', { retentionMs })));
      const extended = await store.extend!(mine.id, null);
      assert.ok(extended);
      assert.equal(extended.expiresAt, undefined);
      await outlast(shortMs);
      assert.equal((await read(store, mine.id)).expiresAt, undefined);
    },

    'changes no record that is in progress, and creates none': async ({
      stores: [store],
      claim,
    }) => {
      const mine = claim();
      assert.equal(await store.extend!(mine.id, 1_000), undefined);
      assert.equal(await store.get(mine.id), undefined);
      await acquire(store, mine);
      const extended = await changesNothing(store, mine.id, () => store.extend!(mine.id, 1_000));
      assert.equal(extended, undefined);
    },

    'with a version, changes the record only while it is at it': async ({
      stores: [store],
      claim,
    }) => {
      const mine = claim();
      const stale = recordVersion(await acquire(store, mine));
      const record = done(await store.complete(mine.id, mine.token, outcome('done')));
      const refused = await changesNothing(store, mine.id, () =>
        store.extend!(mine.id, null, { version: stale }),
      );
      assert.equal(refused, undefined);
      assert.ok(await store.extend!(mine.id, null, { version: recordVersion(record) }));
    },
  },
  ['extend'],
);
