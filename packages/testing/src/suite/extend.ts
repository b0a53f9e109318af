import assert from 'node:assert/strict';
import { type Claim, recordVersion, type Settlement } from '@twiceproof/core';
import { acquire, done, read } from './answers.ts';
import { failure, outcome } from './endings.ts';
import { assertBytes, changesNothing } from './snapshot.ts';
import type { StoreContext } from './store-context.ts';
import { type StoreSpec, specs } from './store-spec.ts';

/** A record that was settled with a short retention, which the other store has changed in time. */
function extended(
  { stores: [one, other], claim, meanwhile }: StoreContext,
  retentionMs: number | null,
  settle: (mine: Claim, firstMs: number) => Promise<Settlement>,
) {
  return meanwhile('the retention that is extended', async (firstMs) => {
    const mine = claim();
    await acquire(one, mine);
    done(await settle(mine, firstMs));
    const before = await one.get(mine.id);
    const after = before && (await other.extend!(mine.id, retentionMs));
    return after && { before, after, firstMs };
  });
}

export const extendSpecs: readonly StoreSpec[] = specs(
  'extend',
  {
    'keeps a settled record beyond its first retention': async (context) => {
      const [one] = context.stores;
      const completed = await extended(context, 7_200_000, ({ id, token }, retentionMs) =>
        one.complete(id, token, outcome('kept', { retentionMs })),
      );
      const failed = await extended(context, 7_200_000, ({ id, token }, retentionMs) =>
        one.release(id, token, failure('kept', { retentionMs })),
      );
      for (const { before, after } of [completed, failed]) {
        assert.ok(after.expiresAt, 'the changed record is answered');
        assert.ok(after.expiresAt - before.expiresAt! > 3_600_000);
        assert.notEqual(recordVersion(after), recordVersion(before), 'its version changes');
        assert.equal(after.completedAt, before.completedAt);
      }
      await context.outlast(Math.max(completed.firstMs, failed.firstMs));
      assertBytes((await read(one, completed.before.id)).outcome, outcome('kept').bytes);
      assert.equal((await read(one, failed.before.id)).lastError?.message, 'kept');
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

    'with null, keeps the record until somebody deletes it': async (context) => {
      const [one] = context.stores;
      const { after, firstMs } = await extended(context, null, ({ id, token }, retentionMs) =>
        one.complete(id, token, outcome('done', { retentionMs })),
      );
      assert.equal(after.expiresAt, undefined);
      await context.outlast(firstMs);
      assert.equal((await read(one, after.id)).expiresAt, undefined);
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
